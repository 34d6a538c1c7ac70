package dev.phasor.reconstruction;

import java.util.concurrent.atomic.DoubleAdder;

/** Adds up the iterations of a start's parts, each counted by its work, for one {@link Progress}. Thread-safe. */
final class StartProgress {

    private final Progress progress;
    private final int item;
    private final DoubleAdder spent = new DoubleAdder();

    StartProgress(Progress progress, int item) {
        this.progress = progress;
        this.item = item;
    }

    /**
     * The progress of one part.
     *
     * @param weight what an iteration of it counts, of one over the whole spectrogram
     */
    Progress part(double weight) {
        if (progress == Progress.NONE) {
            return Progress.NONE;
        }
        return (part, iteration, convergence) -> {
            spent.add(weight);
            return progress.started(item, spent.sum());
        };
    }

    /** Whether it is still wanted: what is ended in its middle is no whole start. */
    boolean goesOn() {
        return progress.started(item, spent.sum());
    }

    /** Counts parts that ran before this process. */
    void skip(double iterations) {
        spent.add(iterations);
    }
}
