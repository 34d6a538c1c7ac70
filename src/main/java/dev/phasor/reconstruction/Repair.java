package dev.phasor.reconstruction;

import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;

/**
 * {@link Hybrid}, and behind it {@link RepairRounds} that go on where its descent is at its bottom. Most of what is
 * left of the error then lies in few bins, between regions whose phases are right up to an angle each. A round draws
 * such bins and tries moves in the {@link Neighborhood} of each. What lowers the error stays, so more rounds are never
 * worse.
 */
final class Repair implements Refinement {

    static final String STAGE = "repair";

    /** The part of n_iter before the repair; of 0.8 and 0.9 the means differ by less than 0.1 dB. */
    private static final double HYBRID = 0.8;

    /**
     * The most iterations before it. From there on the rounds of a larger n_iter begin with those of a smaller one, and
     * gain more than another descent.
     */
    private static final int MOST_HYBRID = 800;

    /** The time of an iteration's work here, of one over the whole spectrogram: thread time, 525 frames. */
    static final double WEIGHT = 1.4;

    /**
     * The least win_length/hop_length without a repair. Where more frames see a sample, ADMM over the whole reaches
     * more than these moves (QUALITY.md).
     */
    private static final int MUCH_OVERLAP = 8;

    /** The least frames of a neighborhood, and how often they hold the frames that see one sample. */
    private static final int LEAST_FRAMES = 24;

    private static final int OVERLAPS = 3;

    /** Of the frames, one in so many is drawn in a round, at most so many of them. */
    private static final int FRAMES_APART = 64;

    private static final int MOST_AT_ONCE = 64;

    /** The iteration at which the repair begins; n_iter where there is none. */
    static int begin(Problem problem) {
        return begin(problem.stft().parameters(), problem.parameters().iterations(), problem.frames(), range(problem));
    }

    /** {@link #begin(Problem)} for a signal whose phases are all to be found. */
    static int begin(StftParameters stft, int iterations, int frames, int length) {
        return begin(stft, iterations, frames, range(stft, length, 0));
    }

    private static int begin(StftParameters stft, int iterations, int frames, int[] range) {
        boolean exists = CoarseToFine.bands(stft, iterations, frames) > 0
                && stft.windowLength() < MUCH_OVERLAP * (long) stft.hopLength()
                && range[1] - range[0] >= frames(stft);
        int share = Math.max(Hybrid.DESCENDING, Math.min(MOST_HYBRID, (int) (HYBRID * iterations)));
        return exists && RepairRounds.fits(stft, frames, iterations - share) ? share : iterations;
    }

    /** The frames that lie within the signal and were not begun, from and to. */
    static int[] range(Problem problem) {
        float[] begun = problem.begun();
        return range(problem.stft().parameters(), problem.length(), begun == null ? 0 : begun.length / problem.bins());
    }

    private static int[] range(StftParameters stft, int length, int begun) {
        int first = Math.max(begun, (stft.pad() + stft.hopLength() - 1) / stft.hopLength());
        long last = ((long) length + stft.pad() - stft.fftSize()) / stft.hopLength();
        return new int[] {first, (int) Math.max(first, last + 1)};
    }

    /** The frames of a neighborhood. */
    static int frames(StftParameters stft) {
        long overlap = (stft.fftSize() + stft.hopLength() - 1L) / stft.hopLength();
        return (int) Math.max(LEAST_FRAMES, OVERLAPS * overlap);
    }

    /** Neighborhoods of a round at most. */
    static int atOnce(int frames) {
        return Math.max(1, Math.min(MOST_AT_ONCE, frames / FRAMES_APART));
    }

    /**
     * Bytes that the rounds hold.
     *
     * @param cost of the whole's transforms
     * @param signal bytes of a signal
     */
    static long bytes(TransformCost cost, int frames, long signal) {
        StftParameters stft = cost.parameters();
        TransformCost own = cost.with(NarrowBand.parameters(stft, 1));
        int count = frames(stft);
        long plane = own.plane(count);
        long samples = Float.BYTES * ((long) count * stft.hopLength() + stft.fftSize());
        int atOnce = atOnce(frames);
        // Each place's magnitudes, errors and samples; each thread's planes and signals, the band's half as long each.
        long places = atOnce * (2 * plane + 2 * samples);
        long working = Math.min(atOnce, cost.threads()) * (10 * plane + 14 * samples + 2 * own.loop());
        long tables = 2 * (own.tables() + own.overlap() + own.workers());
        return cost.plane(frames) + signal + Double.BYTES * (long) frames + places + working + tables;
    }

    @Override
    public float[] run(Session session) {
        float[] samples =
                session.isKeptAt(STAGE) ? session.newSignal() : new Hybrid().run(session, begin(session.problem()));
        return session.goesOn(session.limit()) ? new RepairRounds(session, samples).run() : samples;
    }
}
