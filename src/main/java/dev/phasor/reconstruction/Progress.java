package dev.phasor.reconstruction;

/** Observes every iteration, and may end the work. It is called from several threads if there are several items. */
@FunctionalInterface
public interface Progress {

    /** Observes nothing and ends nothing. */
    Progress NONE = (item, iteration, spectralConvergenceDb) -> true;

    /**
     * Called after an iteration.
     *
     * @param item the channel, as a flat index over the leading axes
     * @param iteration the iteration's number, counted from 1, or on from the iterations that the start used
     * @param spectralConvergenceDb the figure of the signal that this iteration started from (one step late: a newer
     *     figure would cost another transform)
     * @return false to end the work: the signal reached so far is delivered, and the report says {@code cancelled}
     */
    boolean iterated(int item, int iteration, double spectralConvergenceDb);

    /**
     * Called before the first iteration.
     *
     * @param items channels
     * @param work of each; of no iterations where nothing iterates
     */
    default void begins(int items, Workload work) {}

    /**
     * Called while a start is computed that itself iterates on parts of the spectrum.
     *
     * @param iterations those that it has used so far, counted by their work
     * @return false to end the work soon, as {@link #iterated}
     */
    default boolean started(int item, double iterations) {
        return true;
    }

    /** Where the state of an item is kept. */
    default Keeping keeping(int item) {
        return Keeping.NONE;
    }
}
