package dev.phasor.reconstruction;

/** A phase for every bin from the magnitudes, without iterating over the whole. */
@FunctionalInterface
interface PhaseEstimator {

    /** [frame][bin], radians, relative to the start of each frame as the transform's own phases. */
    float[] estimate(Problem problem);

    /** What that takes of the iterations granted, counted as iterations over the whole. */
    default int iterations(Problem problem) {
        return 0;
    }
}
