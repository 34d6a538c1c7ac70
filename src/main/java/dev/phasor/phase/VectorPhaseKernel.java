package dev.phasor.phase;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SafeAtan2} in SIMD lanes; its class must be loaded only where the module {@code jdk.incubator.vector} is. An element's
 * result does not depend on its position: gradients and projections are the operations of the scalar code, bit for bit, and the tail
 * of an angle is padded to a whole vector.
 */
final class VectorPhaseKernel extends SplitPhaseKernel {

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS = VectorAtan2.FLOATS;

    /** As many floats as there are {@link #DOUBLES}. */
    private static final VectorSpecies<Float> HALVES =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));

    private static final DoubleVector ZERO = DoubleVector.zero(DOUBLES);
    private static final DoubleVector LARGEST = DoubleVector.broadcast(DOUBLES, Float.MAX_VALUE);

    private static final JavaPhaseKernel SCALAR = new JavaPhaseKernel();

    @Override
    public String name() {
        return "vector";
    }

    @Override
    void angle(float[] re, float[] im, float[] phase, int from, int to) {
        int whole = from + FLOATS.loopBound(to - from);
        VectorAtan2.angle(im, re, phase, from, whole);
        if (whole < to) {
            float[] tail = new float[FLOATS.length()];
            int end = whole + tail.length;
            VectorAtan2.angle(
                    Arrays.copyOfRange(im, whole, end), Arrays.copyOfRange(re, whole, end), tail, 0, tail.length);
            System.arraycopy(tail, 0, phase, whole, to - whole);
        }
    }

    @Override
    long angleVjp(
            float[] re,
            float[] im,
            float[] cotangent,
            Denominator denominator,
            float[] dRe,
            float[] dIm,
            int from,
            int to) {
        long saturated = 0;
        int whole = from + HALVES.loopBound(to - from);
        for (int i = from; i < whole; i += HALVES.length()) {
            DoubleVector x = widened(re, i);
            DoubleVector y = widened(im, i);
            DoubleVector scale = scale(x, y, widened(cotangent, i), denominator);
            DoubleVector dx = y.neg().mul(scale);
            DoubleVector dy = x.mul(scale);
            VectorMask<Double> beyond =
                    dx.abs().compare(VectorOperators.GT, LARGEST).or(dy.abs().compare(VectorOperators.GT, LARGEST));
            if (beyond.anyTrue()) {
                saturated += SCALAR.angleVjp(re, im, cotangent, denominator, dRe, dIm, i, i + HALVES.length());
                continue;
            }
            narrowed(dx).intoArray(dRe, i);
            narrowed(dy).intoArray(dIm, i);
        }
        return saturated + SCALAR.angleVjp(re, im, cotangent, denominator, dRe, dIm, whole, to);
    }

    private static DoubleVector widened(float[] values, int i) {
        return (DoubleVector) FloatVector.fromArray(HALVES, values, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    /** As {@link SafeAtan2}: g / d. */
    private static DoubleVector scale(DoubleVector x, DoubleVector y, DoubleVector g, Denominator denominator) {
        DoubleVector square = x.mul(x).add(y.mul(y));
        DoubleVector d = square.add(denominator.added()).max(denominator.least());
        d = d.blend(Double.POSITIVE_INFINITY, square.lt(denominator.cut()));
        return g.div(d.add(square.mul(g).mul(ZERO)));
    }

    private static FloatVector narrowed(DoubleVector components) {
        return (FloatVector) components.convertShape(VectorOperators.D2F, HALVES, 0);
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
}
