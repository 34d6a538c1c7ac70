package dev.phasor.operation;

import dev.phasor.reconstruction.Keeping;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.Workload;

/**
 * Ends iterations at a time.
 *
 * @param end as {@link System#nanoTime}
 */
record Deadline(Progress observer, long end) implements Progress {

    @Override
    public boolean iterated(int item, int iteration, double spectralConvergenceDb) {
        return observer.iterated(item, iteration, spectralConvergenceDb) && isAhead();
    }

    @Override
    public void begins(int items, Workload work) {
        observer.begins(items, work);
    }

    @Override
    public boolean started(int item, double iterations) {
        return observer.started(item, iterations) && isAhead();
    }

    @Override
    public Keeping keeping(int item) {
        return observer.keeping(item);
    }

    private boolean isAhead() {
        return System.nanoTime() - end < 0;
    }
}
