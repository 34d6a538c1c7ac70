package dev.phasor.reconstruction;

/**
 * Tells of a block's iterations as a part of its item's: a block counts as its frames. No state is kept, since what the
 * blocks before have delivered is not kept either.
 */
final class BlockProgress implements Progress {

    private final Progress item;
    private final Workload work;
    private final double before;
    private final double own;

    /** @param work of the block */
    BlockProgress(Progress item, Blocks blocks, int block, Workload work) {
        this.item = item;
        this.work = work;
        double all = 0;
        double first = 0;
        for (int other = 0; other < blocks.count(); other++) {
            int frames = blocks.to(other) - blocks.from(other);
            first += other < block ? frames : 0;
            all += frames;
        }
        before = first / all;
        own = (blocks.to(block) - blocks.from(block)) / all;
    }

    @Override
    public boolean started(int number, double iterations) {
        return item.started(number, ofItem(iterations));
    }

    @Override
    public boolean iterated(int number, int iteration, double spectralConvergenceDb) {
        double all = ofItem(iteration);
        boolean goesOn = item.started(number, all);
        return item.iterated(number, (int) all, spectralConvergenceDb) && goesOn;
    }

    private double ofItem(double iterations) {
        return work.iterations() * (before + own * work.part(iterations));
    }
}
