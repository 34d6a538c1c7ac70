package dev.phasor.signal;

import static dev.phasor.signal.VectorLanes.DOUBLES;
import static dev.phasor.signal.VectorLanes.FLOATS;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** Converts a vector of floats to two of doubles and back. Load this class only if {@link VectorModule} is present. */
public final class VectorWidening {

    private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(FLOATS, lane -> lane ^ DOUBLES.length());
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(FLOATS, -1L << DOUBLES.length());

    private VectorWidening() {}

    public static DoubleVector low(FloatVector values) {
        return (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    public static DoubleVector high(FloatVector values) {
        return low(values.rearrange(SWAP));
    }

    /** Both vectors as one, each value rounded to the nearest float. */
    public static FloatVector joined(DoubleVector low, DoubleVector high) {
        return narrowed(low).blend(narrowed(high).rearrange(SWAP), UPPER);
    }

    private static FloatVector narrowed(DoubleVector values) {
        return (FloatVector) values.convertShape(VectorOperators.D2F, FLOATS, 0);
    }
}
