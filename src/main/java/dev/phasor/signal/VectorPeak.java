package dev.phasor.signal;

import static dev.phasor.signal.VectorLanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link AudioSignal#peak(float[], int, int)} in SIMD lanes. Load this class only if {@link VectorModule} is present.
 */
final class VectorPeak {

    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final IntVector ALL_BUT_SIGN = IntVector.broadcast(INTS, Integer.MAX_VALUE);

    /** A call looks at a multiple of so many values. */
    static final int COUNT = FLOATS.length();

    private VectorPeak() {}

    /** The bits of the largest value without its sign. */
    static int of(float[] values, int from, int to) {
        IntVector peak = IntVector.zero(INTS);
        for (int i = from; i < to; i += COUNT) {
            peak = peak.max(
                    FloatVector.fromArray(FLOATS, values, i).reinterpretAsInts().and(ALL_BUT_SIGN));
        }
        return peak.reduceLanes(VectorOperators.MAX);
    }
}
