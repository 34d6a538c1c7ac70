package dev.phasor.reconstruction;

import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.util.List;

/**
 * {@link Hybrid}, and behind it what goes on where its descent is at its bottom: {@link RepairRounds}, an
 * {@link Excursion}, and rounds again; where many frames see a sample, the excursion alone. Most of what is left of the
 * error then lies in few bins, between regions whose phases are right up to an angle each. A round draws such bins and
 * tries moves in the {@link Neighborhood} of each. What lowers the error stays, in rounds and of an excursion.
 */
final class Repair implements Refinement {

    private static final String FIRST_ROUNDS = "repair";

    private static final String LAST_ROUNDS = "repair after an excursion";

    /** The number of the first of {@link #LAST_ROUNDS}, so that they draw other bins than the first rounds. */
    private static final int LATER = 1 << 16;

    /** The part of n_iter before the repair; of 0.8 and 0.9 the means differ by less than 0.1 dB. */
    private static final double HYBRID = 0.8;

    /**
     * The most iterations before it. From there on the first rounds of a larger n_iter begin with those of a smaller
     * one, and gain more than another descent.
     */
    private static final int MOST_HYBRID = 400;

    /** The iteration at which an excursion begins between rounds; a repair gains most in its first 100. */
    private static final int EXCURSION = 500;

    /** The least iterations behind it with an excursion. */
    private static final int LEAST_EXCURSION = 300;

    /** Its part of them. */
    private static final double EXCURSION_PART = 0.8;

    /** The iteration at which an excursion without rounds begins. */
    private static final int LONE_EXCURSION = 1000;

    /** The time of an iteration's work in rounds, of one over the whole spectrogram: thread time, 525 frames. */
    private static final double WEIGHT = 1.4;

    /**
     * The least win_length/hop_length without rounds. Where so many frames see a sample, ADMM over the whole reaches
     * more than their moves (QUALITY.md).
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
        if (CoarseToFine.bands(stft, iterations, frames) == 0) {
            return iterations;
        }
        if (isMuchOverlap(stft)) {
            return Math.min(LONE_EXCURSION, iterations);
        }
        int share = Math.max(Hybrid.DESCENDING, Math.min(MOST_HYBRID, (int) (HYBRID * iterations)));
        boolean exists = range[1] - range[0] >= frames(stft);
        return exists && RepairRounds.fits(stft, frames, iterations - share) ? share : iterations;
    }

    private static boolean isMuchOverlap(StftParameters stft) {
        return stft.windowLength() >= MUCH_OVERLAP * (long) stft.hopLength();
    }

    /**
     * The iterations of an excursion, from and until; both n_iter where there is none. Between rounds both times a
     * neighborhood fits.
     *
     * @param begin {@link #begin}
     */
    private static int[] excursion(StftParameters stft, int begin, int iterations, int frames) {
        if (begin == iterations || isMuchOverlap(stft)) {
            return new int[] {begin, iterations};
        }
        int left = iterations - EXCURSION;
        int until = EXCURSION + (int) (EXCURSION_PART * left);
        boolean fits = left >= LEAST_EXCURSION
                && RepairRounds.fits(stft, frames, EXCURSION - begin)
                && RepairRounds.fits(stft, frames, iterations - until);
        return fits ? new int[] {EXCURSION, until} : new int[] {iterations, iterations};
    }

    /**
     * What follows {@link Hybrid}.
     *
     * @param begin {@link #begin}
     */
    static List<Workload.Stage> stages(StftParameters stft, int begin, int iterations, int frames) {
        int[] excursion = excursion(stft, begin, iterations, frames);
        return List.of(
                new Workload.Stage(excursion[0] - begin, WEIGHT),
                new Workload.Stage(excursion[1] - excursion[0], 1),
                new Workload.Stage(iterations - excursion[1], WEIGHT));
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
     * Bytes that are held.
     *
     * @param cost of the whole's transforms
     * @param signal bytes of a signal
     * @param hybrid bytes of {@link Hybrid}; an excursion has as many, and the signal where it began
     */
    static long bytes(TransformCost cost, int frames, long signal, long hybrid) {
        long excursion = hybrid + signal;
        return isMuchOverlap(cost.parameters()) ? excursion : Math.max(excursion, bytes(cost, frames, signal));
    }

    /** Bytes that the rounds hold. */
    private static long bytes(TransformCost cost, int frames, long signal) {
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
        int iterations = session.limit();
        Problem problem = session.problem();
        int begin = begin(problem);
        int[] excursion = excursion(problem.stft().parameters(), begin, iterations, problem.frames());
        boolean isLast = session.isKeptAt(LAST_ROUNDS);
        boolean isAway = isLast || Excursion.isKept(session);
        boolean isKept = isAway || session.isKeptAt(FIRST_ROUNDS);
        float[] samples = isKept ? session.newSignal() : new Hybrid().run(session, begin);
        if (!isAway && begin < excursion[0] && session.goesOn(excursion[0])) {
            samples = new RepairRounds(session, FIRST_ROUNDS, 0, begin, excursion[0], samples).run();
        }
        if (!isLast && excursion[0] < excursion[1] && session.goesOn(excursion[1])) {
            samples = new Excursion(session, excursion[0], excursion[1]).run(samples);
        }
        return excursion[1] < iterations && session.goesOn(iterations)
                ? new RepairRounds(session, LAST_ROUNDS, LATER, excursion[1], iterations, samples).run()
                : samples;
    }
}
