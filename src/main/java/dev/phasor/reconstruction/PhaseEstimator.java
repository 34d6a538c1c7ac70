package dev.phasor.reconstruction;

/** A phase for every bin from the magnitudes, without iterating over the whole. */
@FunctionalInterface
interface PhaseEstimator {

    /** [frame][bin], radians, relative to the start of each frame as the transform's own phases. */
    float[] estimate(Problem problem);
}
