package dev.phasor.phase;

import static dev.phasor.signal.VectorLanes.DOUBLES;
import static dev.phasor.signal.VectorLanes.FLOATS;
import static dev.phasor.signal.VectorWidening.high;
import static dev.phasor.signal.VectorWidening.low;

import dev.phasor.signal.Plane;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link SafeAtan2} in SIMD lanes. Load this class only if the module {@code jdk.incubator.vector} is present. An
 * element's result does not depend on its position: gradients and projections perform the operations of the scalar
 * code, bit for bit, and the tail of an angle is padded to a whole vector.
 */
final class VectorPhaseKernel extends SplitPhaseKernel {

    private static final JavaPhaseKernel SCALAR = new JavaPhaseKernel();

    @Override
    public String name() {
        return "vector";
    }

    @Override
    void angle(Plane re, Plane im, Plane phase, int from, int to) {
        int whole = FLOATS.loopBound(to - from);
        int reAt = re.offset() + from;
        int imAt = im.offset() + from;
        int at = phase.offset() + from;
        VectorAtan2.angle(im.values(), imAt, re.values(), reAt, phase.values(), at, whole);
        int rest = to - from - whole;
        if (rest > 0) {
            float[] tail = new float[FLOATS.length()];
            float[] x = Arrays.copyOfRange(re.values(), reAt + whole, reAt + whole + tail.length);
            float[] y = Arrays.copyOfRange(im.values(), imAt + whole, imAt + whole + tail.length);
            VectorAtan2.angle(y, 0, x, 0, tail, 0, tail.length);
            System.arraycopy(tail, 0, phase.values(), at + whole, rest);
        }
    }

    @Override
    GradientBlock gradientBlock(int size, Denominator denominator) {
        return new VectorGradientBlock(size, denominator);
    }

    @Override
    void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm, int from, int to) {
        int whole = from + FLOATS.loopBound(to - from);
        for (int i = from; i < whole; i += FLOATS.length()) {
            FloatVector x = FloatVector.fromArray(FLOATS, re, i);
            FloatVector y = FloatVector.fromArray(FLOATS, im, i);
            FloatVector m = FloatVector.fromArray(FLOATS, magnitude, i);
            FloatVector largest = x.abs().max(y.abs()).max(Float.MIN_VALUE);
            FloatVector u = x.div(largest);
            FloatVector v = y.div(largest);
            FloatVector r = u.mul(u).add(v.mul(v)).sqrt();
            FloatVector atOrigin = r.min(1).neg().add(1);
            FloatVector gain = FloatVector.broadcast(FLOATS, 1).div(r.add(atOrigin));
            u.add(atOrigin).mul(gain).mul(m).intoArray(outRe, i);
            v.mul(gain).mul(m).intoArray(outIm, i);
        }
        SCALAR.project(re, im, magnitude, outRe, outIm, whole, to);
    }

    @Override
    double largestSquare(Plane re, Plane im, int from, int to) {
        int whole = from + FLOATS.loopBound(to - from);
        float[] xs = re.values();
        float[] ys = im.values();
        int apart = im.offset() - re.offset();
        DoubleVector largest = DoubleVector.zero(DOUBLES);
        for (int i = re.offset() + from; i < re.offset() + whole; i += FLOATS.length()) {
            FloatVector x = FloatVector.fromArray(FLOATS, xs, i);
            FloatVector y = FloatVector.fromArray(FLOATS, ys, i + apart);
            DoubleVector first = square(low(x), low(y));
            DoubleVector second = square(high(x), high(y));
            largest = largest.max(first).max(second);
        }
        return Math.max(largest.reduceLanes(VectorOperators.MAX), SCALAR.largestSquare(re, im, whole, to));
    }

    @Override
    int countBelow(Plane re, Plane im, double limit, int from, int to) {
        int whole = from + FLOATS.loopBound(to - from);
        float[] xs = re.values();
        float[] ys = im.values();
        int apart = im.offset() - re.offset();
        int below = 0;
        for (int i = re.offset() + from; i < re.offset() + whole; i += FLOATS.length()) {
            FloatVector x = FloatVector.fromArray(FLOATS, xs, i);
            FloatVector y = FloatVector.fromArray(FLOATS, ys, i + apart);
            below += square(low(x), low(y)).lt(limit).trueCount();
            below += square(high(x), high(y)).lt(limit).trueCount();
        }
        return below + SCALAR.countBelow(re, im, limit, whole, to);
    }

    private static DoubleVector square(DoubleVector x, DoubleVector y) {
        return x.mul(x).add(y.mul(y));
    }
}
