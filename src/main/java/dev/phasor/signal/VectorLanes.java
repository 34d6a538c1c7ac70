package dev.phasor.signal;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The only vector shape in the process, at most 256 bits. Load this class only if {@link VectorModule} is present. If
 * code of the vector library has seen floats of two shapes, the compiler stops inlining it, and transforms and angles
 * take three times as long. With 256 bits, 8 frames of a transform of 1024 samples just fill the first-level cache.
 */
public final class VectorLanes {

    public static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() > 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_PREFERRED;

    /** Vectors of the same bits, with half as many lanes. */
    public static final VectorSpecies<Double> DOUBLES =
            FLOATS == FloatVector.SPECIES_256 ? DoubleVector.SPECIES_256 : DoubleVector.SPECIES_PREFERRED;

    private VectorLanes() {}
}
