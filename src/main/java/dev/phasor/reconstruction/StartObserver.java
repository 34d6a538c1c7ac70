package dev.phasor.reconstruction;

/** Sees how many iterations a start has used where the work was ended meanwhile. */
final class StartObserver implements Progress {

    private final Progress progress;
    private volatile double used;
    private volatile boolean ended;

    StartObserver(Progress progress) {
        this.progress = progress;
    }

    @Override
    public boolean iterated(int item, int iteration, double spectralConvergenceDb) {
        return progress.iterated(item, iteration, spectralConvergenceDb);
    }

    @Override
    public boolean started(int item, double iterations) {
        used = iterations;
        boolean goesOn = progress.started(item, iterations);
        if (!goesOn) {
            ended = true;
        }
        return goesOn;
    }

    @Override
    public Keeping keeping(int item) {
        return progress.keeping(item);
    }

    /** @param all that the whole start uses */
    int iterations(int all) {
        return ended ? (int) Math.min(all, used) : all;
    }
}
