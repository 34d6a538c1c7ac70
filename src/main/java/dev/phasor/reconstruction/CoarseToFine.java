package dev.phasor.reconstruction;

import dev.phasor.reconstruction.LowBand.Solution;
import dev.phasor.signal.Cancellation;
import dev.phasor.stft.StftParameters;
import java.util.Comparator;
import java.util.concurrent.ForkJoinTask;
import java.util.stream.Stream;

/**
 * A phase whose low frequencies are reconstructed beforehand, as the cascadic multigrid method would (Bornemann,
 * Deuflhard, "The Cascadic Multigrid Method for Elliptic Problems", 1996): on {@link LowBand}s, each twice as wide as
 * the one before and starting from what that one found. Most of a recording's energy is there, and with it the local
 * minima in which iterations over the whole stay; on the narrowest band they are cheap enough to try two starts, and go
 * on from the better.
 *
 * @param start of the frequencies above a band
 * @param refinement of each band
 */
record CoarseToFine(PhaseEstimator start, Refinement refinement) implements PhaseEstimator {

    /** With fewer iterations there are none to spare. */
    private static final int LEAST_ITERATIONS = 8;

    /** Of the iterations, by their work; each band has as much as the other. */
    private static final double BANDS = 0.6;

    /**
     * The other start of the narrowest band: where {@link Pghi} misses a relation of phases, this one often does not.
     */
    private static final PhaseEstimator RIVAL = problem -> new Rtisi(true).estimate(problem.withIterations(8));

    @Override
    public int iterations(Problem problem) {
        return bands(problem) == 0 ? 0 : (int) (BANDS * problem.parameters().iterations());
    }

    /** Their widths are 1/2, 1/4, ... of the whole. */
    private static int bands(Problem problem) {
        return bands(problem.stft().parameters(), problem.parameters().iterations(), problem.frames());
    }

    static int bands(StftParameters stft, int iterations, int frames) {
        if (iterations < LEAST_ITERATIONS || frames == 1) {
            return 0;
        }
        int bands = 0;
        while (LowBand.exists(stft, 2 << bands)) {
            bands++;
        }
        return bands;
    }

    @Override
    public float[] estimate(Problem problem) {
        int bands = bands(problem);
        if (bands == 0) {
            return start.estimate(problem);
        }
        double iterations = (double) iterations(problem) / bands;
        Cancellation wanted = Cancellation.current();
        ForkJoinTask<float[]> whole = ForkJoinTask.adapt(() -> wanted.call(() -> start.estimate(problem)))
                .fork();
        int factor = 1 << bands;
        LowBand narrowest = new LowBand(problem, factor, (int) Math.ceil(iterations * factor / 2));
        float[] best = Stream.of(start, RIVAL)
                .parallel()
                .map(first -> wanted.call(() -> narrowest.refine(first.estimate(narrowest.problem()), refinement)))
                .min(Comparator.comparingDouble(Solution::error))
                .orElseThrow()
                .phase();
        float[] phase = whole.join();
        narrowest.put(best, phase);
        for (factor /= 2; factor > 1; factor /= 2) {
            LowBand band = new LowBand(problem, factor, (int) Math.ceil(iterations * factor));
            band.put(band.refine(band.cut(phase), refinement).phase(), phase);
        }
        return phase;
    }
}
