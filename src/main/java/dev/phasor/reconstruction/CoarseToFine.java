package dev.phasor.reconstruction;

import dev.phasor.reconstruction.LowBand.Solution;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.StftParameters;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Estimates a phase by reconstructing the low frequencies first, as the cascadic multigrid method does (Bornemann,
 * Deuflhard, "The Cascadic Multigrid Method for Elliptic Problems", 1996). Each {@link LowBand} is twice as wide as the
 * band before and starts from its result. The low frequencies hold most of a recording's energy, and with it the local
 * minima in which iterations over the whole spectrogram stay. Iterations on the narrowest band are cheap: it is solved
 * from two starts, and the better result is kept.
 *
 * @param start estimates the phases above a band, and the first start of the narrowest band
 * @param refinement iterates on each band
 */
record CoarseToFine(PhaseEstimator start, Refinement refinement) implements PhaseEstimator {

    /** The least n_iter with bands: fewer iterations all go to the whole spectrogram. */
    private static final int LEAST_ITERATIONS = 8;

    /** The part of the iterations that the bands get, counted by their work. Each band gets the same share. */
    private static final double BANDS = 0.6;

    /**
     * The time of a band's iterations that count as one over the whole spectrogram, measured: benchmarks/job-estimate.
     * Beside the narrowest the phase of the whole is estimated, and its code is often not yet compiled.
     */
    private static final double NARROWEST_WEIGHT = 1.4;

    private static final double BAND_WEIGHT = 1.2;

    /** The second start of the narrowest band. It often finds relations of phases that {@link Pghi} misses. */
    static final PhaseEstimator RIVAL = problem -> new Rtisi(true).estimate(problem.withIterations(8));

    @Override
    public int iterations(Problem problem) {
        return bands(problem) == 0 ? 0 : (int) (BANDS * problem.parameters().iterations());
    }

    @Override
    public List<Workload.Stage> stages(Problem problem) {
        int bands = bands(problem);
        if (bands == 0) {
            return List.of();
        }
        double each = (double) iterations(problem) / bands;
        return List.of(new Workload.Stage(each, NARROWEST_WEIGHT), new Workload.Stage((bands - 1) * each, BAND_WEIGHT));
    }

    /** What {@link Keeping} has between two bands: the phase, and in the place of the iterations the band's factor. */
    static final String BAND = "band";

    /** The number of bands. Their widths are 1/2, 1/4, ... of the whole. */
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

    /**
     * The iterations on the band of 1/factor of the whole. The narrowest, solved from two starts, has half as many for
     * each.
     *
     * @param iterations of the whole spectrogram that all bands get
     */
    static int bandIterations(int iterations, int bands, int factor) {
        double each = (double) iterations / bands * factor;
        return (int) Math.ceil(factor == 1 << bands ? each / 2 : each);
    }

    @Override
    public float[] estimate(Problem problem) {
        return estimate(problem, Progress.NONE);
    }

    @Override
    public float[] estimate(Problem problem, Progress progress) {
        int bands = bands(problem);
        if (bands == 0) {
            return start.estimate(problem);
        }
        int iterations = iterations(problem);
        StartProgress spent = new StartProgress(progress, problem.item());
        Keeping keeping = progress.keeping(problem.item());
        int factor = 1 << bands;
        int solved = solved(keeping);
        float[] phase;
        if (solved == 0) {
            phase = narrowest(problem, factor, bandIterations(iterations, bands, factor), spent);
            keep(keeping, factor, phase, spent);
        } else {
            phase = new float[problem.magnitude().length];
            keeping.restore(phase);
            spent.skip((double) iterations / bands * (bands - Integer.numberOfTrailingZeros(solved) + 1));
            factor = solved;
        }
        for (factor /= 2; factor > 1; factor /= 2) {
            LowBand band = new LowBand(problem, factor, bandIterations(iterations, bands, factor));
            band.put(
                    band.refine(band.cut(phase), refinement, spent.part(1.0 / factor))
                            .phase(),
                    phase);
            keep(keeping, factor, phase, spent);
        }
        return phase;
    }

    /** The factor of the last band whose phase was kept; 0 for none. */
    private static int solved(Keeping keeping) {
        Keeping.Mark mark = keeping.mark();
        return mark != null && mark.stage().equals(BAND) ? mark.iterations() : 0;
    }

    private static void keep(Keeping keeping, int factor, float[] phase, StartProgress spent) {
        if (keeping.isDue() && spent.goesOn()) {
            keeping.keep(new Keeping.Mark(BAND, factor, Double.POSITIVE_INFINITY), phase);
        }
    }

    /** The phases of the whole, with those of the narrowest band from the better of two starts. */
    private float[] narrowest(Problem problem, int factor, int iterations, StartProgress spent) {
        LowBand narrowest = new LowBand(problem, factor, iterations);
        List<PhaseEstimator> starts = List.of(start, RIVAL);
        Solution[] found = new Solution[starts.size()];
        float[][] whole = new float[1][];
        Ranges.each(starts.size() + 1, part -> {
            if (part == starts.size()) {
                whole[0] = start.estimate(problem);
            } else {
                float[] first = starts.get(part).estimate(narrowest.problem());
                found[part] = narrowest.refine(first, refinement, spent.part(1.0 / factor));
            }
        });
        Solution best = Stream.of(found)
                .min(Comparator.comparingDouble(Solution::error))
                .orElseThrow();
        narrowest.put(best.phase(), whole[0]);
        return whole[0];
    }
}
