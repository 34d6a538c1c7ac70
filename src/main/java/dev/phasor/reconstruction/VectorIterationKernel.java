package dev.phasor.reconstruction;

import static dev.phasor.signal.VectorWidening.high;
import static dev.phasor.signal.VectorWidening.joined;
import static dev.phasor.signal.VectorWidening.low;

import dev.phasor.phase.PhaseKernel;
import dev.phasor.signal.VectorLanes;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * An {@link IterationKernel} in SIMD lanes. Each loop is one pass without temporary arrays. The class must be loaded
 * only where the module {@code jdk.incubator.vector} is present. A block is summed in float lanes. The lanes of all
 * blocks are then summed in double precision, one after another: the library's reduction may use another order in
 * compiled code than in interpreted code.
 */
final class VectorIterationKernel implements IterationKernel {

    private static final VectorSpecies<Float> SPECIES = VectorLanes.FLOATS;
    private static final int LANES = SPECIES.length();

    /** Values of a block, which is summed in floats. */
    private static final int BLOCK = 128 * LANES;

    private final PhaseKernel phase;
    private final IterationKernel rest;

    VectorIterationKernel(PhaseKernel phase) {
        this.phase = phase;
        rest = new JavaIterationKernel(phase);
    }

    @Override
    public void magnitude(float[] re, float[] im, float[] magnitude, int from, int to) {
        int end = from + SPECIES.loopBound(to - from);
        for (int i = from; i < end; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, re, i);
            FloatVector y = FloatVector.fromArray(SPECIES, im, i);
            joined(length(low(x), low(y)), length(high(x), high(y))).intoArray(magnitude, i);
        }
        rest.magnitude(re, im, magnitude, end, to);
    }

    private static DoubleVector length(DoubleVector x, DoubleVector y) {
        return x.mul(x).add(y.mul(y)).lanewise(VectorOperators.SQRT).min(Float.MAX_VALUE);
    }

    @Override
    public void angle(float[] re, float[] im, float[] angle) {
        phase.angle(re, im, angle);
    }

    @Override
    public void project(float[] magnitude, float[] re, float[] im) {
        FloatVector zero = FloatVector.zero(SPECIES);
        int end = SPECIES.loopBound(magnitude.length);
        for (int i = 0; i < end; i += LANES) {
            FloatVector m = FloatVector.fromArray(SPECIES, magnitude, i);
            FloatVector x = FloatVector.fromArray(SPECIES, re, i);
            FloatVector y = FloatVector.fromArray(SPECIES, im, i);
            FloatVector gain = m.div(x.mul(x).add(y.mul(y)).lanewise(VectorOperators.SQRT));
            // The gain is 0/0 or M/0 where |z|^2 underflows, |z| < 1e-23: far below what float32 resolves beside 1.
            VectorMask<Float> finite = gain.compare(VectorOperators.LE, Float.MAX_VALUE);
            m.blend(x.mul(gain), finite).intoArray(re, i);
            zero.blend(y.mul(gain), finite).intoArray(im, i);
        }
        if (end < magnitude.length) {
            float[] lastRe = Arrays.copyOfRange(re, end, re.length);
            float[] lastIm = Arrays.copyOfRange(im, end, im.length);
            rest.project(Arrays.copyOfRange(magnitude, end, magnitude.length), lastRe, lastIm);
            System.arraycopy(lastRe, 0, re, end, lastRe.length);
            System.arraycopy(lastIm, 0, im, end, lastIm.length);
        }
    }

    @Override
    public double squaredError(float[] magnitude, float[] re, float[] im) {
        double sum = 0;
        int end = SPECIES.loopBound(magnitude.length);
        for (int from = 0; from < end; from += BLOCK) {
            FloatVector squares = FloatVector.zero(SPECIES);
            for (int i = from; i < Math.min(end, from + BLOCK); i += LANES) {
                FloatVector x = FloatVector.fromArray(SPECIES, re, i);
                FloatVector y = FloatVector.fromArray(SPECIES, im, i);
                FloatVector difference = x.mul(x)
                        .add(y.mul(y))
                        .lanewise(VectorOperators.SQRT)
                        .sub(FloatVector.fromArray(SPECIES, magnitude, i));
                squares = squares.add(difference.mul(difference));
            }
            sum += sum(squares.toArray());
        }
        for (int i = end; i < magnitude.length; i++) {
            double difference = (float) Math.sqrt(re[i] * re[i] + im[i] * im[i]) - magnitude[i];
            sum += difference * difference;
        }
        return sum;
    }

    @Override
    public double squares(float[] values) {
        int end = SPECIES.loopBound(values.length);
        DoubleVector lows = DoubleVector.zero(VectorLanes.DOUBLES);
        DoubleVector highs = DoubleVector.zero(VectorLanes.DOUBLES);
        for (int i = 0; i < end; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, i);
            lows = lows.add(square(low(x)));
            highs = highs.add(square(high(x)));
        }
        return sum(lows.toArray())
                + sum(highs.toArray())
                + rest.squares(Arrays.copyOfRange(values, end, values.length));
    }

    @Override
    public double squaredDistance(float[] a, float[] b) {
        int end = SPECIES.loopBound(a.length);
        DoubleVector lows = DoubleVector.zero(VectorLanes.DOUBLES);
        DoubleVector highs = DoubleVector.zero(VectorLanes.DOUBLES);
        for (int i = 0; i < end; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, a, i);
            FloatVector y = FloatVector.fromArray(SPECIES, b, i);
            lows = lows.add(square(low(x).sub(low(y))));
            highs = highs.add(square(high(x).sub(high(y))));
        }
        double last = rest.squaredDistance(Arrays.copyOfRange(a, end, a.length), Arrays.copyOfRange(b, end, b.length));
        return sum(lows.toArray()) + sum(highs.toArray()) + last;
    }

    private static DoubleVector square(DoubleVector x) {
        return x.mul(x);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    @Override
    public double dot(float[] a, float[] b, int from, int to) {
        double sum = 0;
        int end = from + SPECIES.loopBound(to - from);
        for (int block = from; block < end; block += BLOCK) {
            FloatVector products = FloatVector.zero(SPECIES);
            for (int i = block; i < Math.min(end, block + BLOCK); i += LANES) {
                FloatVector product = FloatVector.fromArray(SPECIES, a, i).mul(FloatVector.fromArray(SPECIES, b, i));
                products = products.add(product);
            }
            sum += sum(products.toArray());
        }
        return sum + rest.dot(a, b, end, to);
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
