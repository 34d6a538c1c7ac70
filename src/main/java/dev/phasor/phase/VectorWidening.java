package dev.phasor.phase;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * A vector of floats as two of doubles of the same shape, and back. There is one shape in the whole process, 256 bits where there are
 * more: once code has seen floats of two, the compiler gives up on inlining, and transforms and angles take three times as long.
 */
final class VectorWidening {

    static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() > 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_PREFERRED;

    static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, FLOATS.vectorShape());

    private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(FLOATS, lane -> lane ^ DOUBLES.length());
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(FLOATS, -1L << DOUBLES.length());

    private VectorWidening() {}

    static DoubleVector low(FloatVector values) {
        return (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    static DoubleVector high(FloatVector values) {
        return low(values.rearrange(SWAP));
    }

    /** Each rounded to the nearest float. */
    static FloatVector joined(DoubleVector low, DoubleVector high) {
        return narrowed(low).blend(narrowed(high).rearrange(SWAP), UPPER);
    }

    private static FloatVector narrowed(DoubleVector values) {
        return (FloatVector) values.convertShape(VectorOperators.D2F, FLOATS, 0);
    }
}
