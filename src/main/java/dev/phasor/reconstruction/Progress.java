package dev.phasor.reconstruction;

/** Hears of every iteration, and may end the work. Called from several threads where there are several items. */
@FunctionalInterface
public interface Progress {

    /** Hears nothing, ends nothing. */
    Progress NONE = (item, iteration, spectralConvergenceDb) -> true;

    /**
     * After an iteration.
     *
     * @param item which channel, the flat index of the leading axes
     * @param iteration from 1 on, or from those that the start took
     * @param spectralConvergenceDb of the signal that this iteration started from (one step late: a newer figure would
     *     cost another transform)
     * @return false to end: what has been reached by then is delivered, and the report says {@code cancelled}
     */
    boolean iterated(int item, int iteration, double spectralConvergenceDb);
}
