package dev.phasor.reconstruction;

import java.util.List;

/** Estimates the phase of every bin from the magnitudes, without iterations over the whole spectrogram. */
@FunctionalInterface
interface PhaseEstimator {

    /** The phases [frame][bin] in radians, relative to the start of each frame like the transform's own phases. */
    float[] estimate(Problem problem);

    /** {@link #estimate(Problem)}, observed where it takes long. */
    default float[] estimate(Problem problem, Progress progress) {
        return estimate(problem);
    }

    /** The part of n_iter that {@link #estimate} uses, counted as iterations over the whole spectrogram. */
    default int iterations(Problem problem) {
        return 0;
    }

    /** What {@link #iterations} are spent on. */
    default List<Workload.Stage> stages(Problem problem) {
        return List.of();
    }
}
