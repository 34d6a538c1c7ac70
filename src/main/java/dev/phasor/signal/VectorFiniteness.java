package dev.phasor.signal;

import static dev.phasor.signal.VectorLanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Finiteness} in SIMD lanes. Load this class only if {@link VectorModule} is present. */
final class VectorFiniteness {

    private VectorFiniteness() {}

    /** The values that a call looks at at once. */
    static final int COUNT = 2 * FLOATS.length();

    /** @param to {@code from} plus a multiple of {@link #COUNT} */
    static boolean of(float[] values, int from, int to) {
        FloatVector zeros = FloatVector.zero(FLOATS);
        FloatVector others = zeros;
        for (int i = from; i < to; i += COUNT) {
            zeros = zeros.add(FloatVector.fromArray(FLOATS, values, i).mul(0));
            others = others.add(
                    FloatVector.fromArray(FLOATS, values, i + FLOATS.length()).mul(0));
        }
        return zeros.add(others).reduceLanes(VectorOperators.ADD) == 0;
    }
}
