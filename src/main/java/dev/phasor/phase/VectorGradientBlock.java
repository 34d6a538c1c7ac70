package dev.phasor.phase;

import static dev.phasor.signal.VectorLanes.DOUBLES;
import static dev.phasor.signal.VectorLanes.FLOATS;
import static dev.phasor.signal.VectorWidening.high;
import static dev.phasor.signal.VectorWidening.joined;
import static dev.phasor.signal.VectorWidening.low;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link GradientBlock} with explicit SIMD lanes for the steps that the compiler does not vectorize: from float to
 * double and back.
 */
final class VectorGradientBlock extends GradientBlock {

    private static final int HALF = DOUBLES.length();

    VectorGradientBlock(int size, Denominator denominator) {
        super(size, denominator);
    }

    @Override
    void widen(float[] values, int from, double[] wide, int count) {
        int whole = FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += FLOATS.length()) {
            FloatVector both = FloatVector.fromArray(FLOATS, values, from + i);
            low(both).intoArray(wide, i);
            high(both).intoArray(wide, i + HALF);
        }
        widen(values, from, wide, whole, count);
    }

    @Override
    int store(double[] components, float[] out, int from, int count) {
        FloatVector largest = FloatVector.zero(FLOATS);
        int whole = FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += FLOATS.length()) {
            DoubleVector first = DoubleVector.fromArray(DOUBLES, components, i);
            DoubleVector second = DoubleVector.fromArray(DOUBLES, components, i + HALF);
            FloatVector both = joined(first, second);
            both.intoArray(out, from + i);
            largest = largest.max(both.abs());
        }
        // If a component saturates (infinite here) or is NaN, all components are stored again, one by one.
        boolean finite = largest.reduceLanes(VectorOperators.MAX) <= Float.MAX_VALUE;
        return store(components, out, from, finite ? whole : 0, count);
    }
}
