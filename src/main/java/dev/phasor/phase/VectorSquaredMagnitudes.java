package dev.phasor.phase;

import static dev.phasor.phase.VectorWidening.high;
import static dev.phasor.phase.VectorWidening.low;
import static dev.phasor.signal.VectorLanes.DOUBLES;
import static dev.phasor.signal.VectorLanes.FLOATS;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link SquaredMagnitudes} in SIMD lanes; its class must be loaded only where the module {@code jdk.incubator.vector}
 * is.
 */
final class VectorSquaredMagnitudes {

    private VectorSquaredMagnitudes() {}

    static double largest(float[] re, float[] im, int from, int to) {
        int whole = from + FLOATS.loopBound(to - from);
        DoubleVector largest = DoubleVector.zero(DOUBLES);
        for (int i = from; i < whole; i += FLOATS.length()) {
            FloatVector x = FloatVector.fromArray(FLOATS, re, i);
            FloatVector y = FloatVector.fromArray(FLOATS, im, i);
            DoubleVector first = square(low(x), low(y));
            DoubleVector second = square(high(x), high(y));
            largest = largest.max(first).max(second);
        }
        return Math.max(largest.reduceLanes(VectorOperators.MAX), SquaredMagnitudes.largest(re, im, whole, to));
    }

    private static DoubleVector square(DoubleVector x, DoubleVector y) {
        return x.mul(x).add(y.mul(y));
    }

    static int countBelow(float[] re, float[] im, double limit, int from, int to) {
        int whole = from + FLOATS.loopBound(to - from);
        int below = 0;
        for (int i = from; i < whole; i += FLOATS.length()) {
            FloatVector x = FloatVector.fromArray(FLOATS, re, i);
            FloatVector y = FloatVector.fromArray(FLOATS, im, i);
            below += square(low(x), low(y)).lt(limit).trueCount();
            below += square(high(x), high(y)).lt(limit).trueCount();
        }
        return below + SquaredMagnitudes.countBelow(re, im, limit, whole, to);
    }
}
