package dev.phasor.signal;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one shape of vectors in the process, 256 bits where there are more; to be loaded only where {@link VectorModule}
 * is present. Once code of the vector library has seen floats of two shapes, the compiler gives up on inlining it, and
 * transforms and angles take three times as long. Of 256 bits, 8 frames of a transform of 1024 just fill the
 * first-level cache.
 */
public final class VectorLanes {

    public static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() > 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_PREFERRED;

    /** Half as many. */
    public static final VectorSpecies<Double> DOUBLES =
            FLOATS == FloatVector.SPECIES_256 ? DoubleVector.SPECIES_256 : DoubleVector.SPECIES_PREFERRED;

    private VectorLanes() {}
}
