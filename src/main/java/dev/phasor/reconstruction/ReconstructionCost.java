package dev.phasor.reconstruction;

import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;

/**
 * Predicts the cost of a reconstruction: an upper bound of the bytes held at once, and the work, in values passed over
 * of some 10 ns each. Items run in parallel, at most one per thread.
 */
public final class ReconstructionCost {

    /** The least work of an item: objects, tables and the handover to threads. */
    private static final double ITEM_WORK = 5000;

    /** The least work of an iteration. */
    private static final double ITERATION_WORK = 500;

    /** Passes over a bin in an iteration beside its transforms. */
    private static final double STEP_PASSES = 4;

    private final Algorithm algorithm;
    private final ReconstructionParameters parameters;
    private final StftParameters stft;
    private final TransformCost transform;
    private final long items;
    private final int frames;
    private final long length;
    private final int determined;
    private final long signal;

    /**
     * @param length samples to deliver
     * @param transform the cost of the transforms of these parameters
     */
    public ReconstructionCost(
            Algorithm algorithm,
            ReconstructionParameters parameters,
            int items,
            int frames,
            int length,
            TransformCost transform) {
        this.algorithm = algorithm;
        this.parameters = parameters;
        this.items = items;
        this.frames = frames;
        this.length = length;
        stft = parameters.stft();
        this.transform = transform;
        determined = stft.determined(frames, length);
        signal = Float.BYTES * (long) determined;
    }

    /** Bytes beside the given magnitudes and phase. */
    public long bytes() {
        long atOnce = Math.min(items, transform.threads());
        long shared = transform.tables() + transform.overlap() + 2 * transform.workers();
        return shared + atOnce * item() + Float.BYTES * items * length;
    }

    /** Bytes of an item in progress. */
    private long item() {
        long refining = refinement(algorithm, transform, frames, determined);
        if (repairing() > 0) {
            refining = Repair.bytes(transform, frames, signal, refining);
        }
        long measuring = signal + transform.loop();
        return transform.tiles(frames)
                + transform.plane(frames)
                + Math.max(start(), refining + transform.loop() + measuring)
                + transform.loop();
    }

    private long start() {
        return switch (algorithm) {
            case AUTO, COARSE_TO_FINE -> Math.max(estimator(), bands());
            case RTPGHI, RTPGHI_LOOKAHEAD, RTISI_LA, GSRTISI_LA, LIVE ->
                LiveReconstructor.bytes(algorithm, parameters, transform, frames);
            default -> estimator();
        };
    }

    private long estimator() {
        return startBytes(stft, frames);
    }

    /** Bytes of what finds the phase to start from, beside that phase. */
    public static long startBytes(StftParameters stft, int frames) {
        return Math.max(Pghi.bytes(stft, frames), RealTimePghi.bytes(stft));
    }

    /** Bytes of the band that needs most. The narrowest band is solved from two starts at once. */
    private long bands() {
        int bands = CoarseToFine.bands(stft, parameters.iterations(), frames);
        long most = 0;
        for (int factor = 1 << bands; factor > 1; factor /= 2) {
            StftParameters band = LowBand.parameters(stft, factor);
            TransformCost cost = transform.with(band);
            int samples = band.defaultLength(frames);
            boolean narrowest = factor == 1 << bands;
            // The start phase, the found phase, the target, and the memory of the refinement.
            long solution = 2 * cost.plane(frames)
                    + cost.tiles(frames)
                    + refinement(Algorithm.HYBRID, cost, frames, samples)
                    + 2 * cost.loop();
            long rival = narrowest ? solution + Rtisi.bytes(band, frames) + cost.frameTransform() : 0;
            long shared = cost.tables() + cost.overlap() + cost.workers() + cost.plane(frames) + estimator();
            most = Math.max(most, shared + solution + rival);
        }
        return most;
    }

    /** Bytes of the planes and signals that iterations hold. */
    private static long refinement(Algorithm algorithm, TransformCost transform, int frames, int samples) {
        long tiles = transform.tiles(frames);
        long signal = Float.BYTES * (long) samples;
        return switch (algorithm) {
            case GRIFFINLIM, FAST_GRIFFINLIM, AGLA -> 3 * signal;
            case ADMM -> 2 * tiles + 2 * signal;
            case RAAR, DIFFERENCE_MAP -> 2 * tiles + 2 * signal + transform.loop();
            case AUTO, COARSE_TO_FINE, HYBRID ->
                Math.max(2 * tiles + 2 * signal, QuasiNewton.bytes(tiles, signal) + 3 * signal);
            case SPSI, PGHI, RTPGHI, RTPGHI_LOOKAHEAD, RTISI_LA, GSRTISI_LA, LIVE -> signal;
        };
    }

    /** The total work. */
    public double work() {
        double values = (double) frames * stft.bins();
        double start = 20 * values;
        double pass = 2 * transform.frames(frames) + STEP_PASSES * (values + determined);
        double each = iterations() * ((algorithm == Algorithm.DIFFERENCE_MAP ? 2 : 1) * pass + ITERATION_WORK)
                + start
                + 4 * pass;
        if (algorithm.isLive()) {
            each = 4 * pass + frames * frameWork(algorithm, parameters, transform, frames);
        }
        return transform.making() + items * (ITEM_WORK + each + length);
    }

    /**
     * The work of each frame of an algorithm that is fed frames.
     *
     * @param most frames that come at most
     */
    public static double frameWork(
            Algorithm algorithm, ReconstructionParameters parameters, TransformCost transform, int most) {
        StftParameters stft = parameters.stft();
        double start = 20.0 * stft.bins();
        return switch (algorithm) {
            case RTISI_LA, GSRTISI_LA -> {
                double transforms = (double) Rtisi.transforms(stft, most) * parameters.iterations();
                yield start + transform.singleFrames(transforms) + transforms * STEP_PASSES * stft.bins();
            }
            case LIVE -> {
                double moved = (double) LiveProjections.frames(parameters) * parameters.iterations();
                yield start + 2 * transform.frames(moved) + 2 * STEP_PASSES * moved * stft.bins();
            }
            default -> start;
        };
    }

    private double iterations() {
        if (!algorithm.iterative()) {
            return 0;
        }
        int before = parameters.iterations() - repairing();
        return before
                + Repair.stages(stft, before, parameters.iterations(), frames).stream()
                        .mapToDouble(stage -> stage.weight() * stage.iterations())
                        .sum();
    }

    /** The iterations of a {@link Repair}. */
    private int repairing() {
        boolean repairs = algorithm == Algorithm.AUTO || algorithm == Algorithm.COARSE_TO_FINE;
        return repairs && parameters.given() == null
                ? parameters.iterations() - Repair.begin(stft, parameters.iterations(), frames, determined)
                : 0;
    }
}
