package dev.phasor.gradient;

import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;

/**
 * An estimate of a loss's cost, before it is computed. Items are computed one after the other.
 *
 * @param bytes held at once, an upper bound
 * @param work passes over a value, about 10 ns each
 */
public record LossCost(long bytes, double work) {

    /** The cost of a gradient that the caller provides. */
    public static final LossCost NONE = new LossCost(0, 0);

    /** Bytes per bin of the phase loss: two spectra, their phases and differences, and the cotangent. */
    private static final long BIN_BYTES = 60;

    /** Bytes per sample: gradients in double and in float, and the padded signal. */
    private static final long SAMPLE_BYTES = 48;

    private static final double BIN_WORK = 30;

    /** Of a bin in both terms of {@link StftMagnitudeLoss}, in plain Java. */
    private static final double MAGNITUDE_WORK = 5;

    /** Bytes of a tile's {@link MagnitudeTerms}, and of the reference to them. */
    private static final long TERMS_BYTES = 64;

    /** Bytes per mel: the target's and the estimate's, their values, and the cotangent. */
    private static final long MEL_BYTES = 24;

    /**
     * The cost of a loss on {@code items} items of {@code length} samples; of {@link Loss#MEL} without its filters.
     *
     * @param transform of the losses with one resolution
     * @param mels of {@link Loss#MEL}
     */
    public static LossCost of(Loss loss, TransformCost transform, int mels, int items, int length) {
        return switch (loss) {
            case MSE, L1 -> new LossCost(SAMPLE_BYTES * length, 4.0 * items * length);
            case SPECTRAL_CONVERGENCE, LOG_STFT -> ofMagnitudes(transform, items, length);
            case PHASE -> ofPhase(transform, items, length);
            case MEL -> ofMel(transform, mels, items, length);
            case MULTI_SCALE_MEL -> {
                long bytes = 0;
                double work = 0;
                for (int window : MultiScaleMelLoss.WINDOWS) {
                    TransformCost scale = transform.with(MultiScaleMelLoss.transform(window));
                    LossCost cost = ofMel(scale, MultiScaleMelLoss.mels(window), items, length);
                    bytes = Math.max(bytes, cost.bytes);
                    work += cost.work + scale.making();
                }
                yield new LossCost(bytes + 2L * Double.BYTES * length, work);
            }
            case MULTI_RESOLUTION_STFT -> {
                long bytes = 0;
                long transforms = 0;
                double work = 0;
                for (StftParameters parameters : MultiResolutionStftLoss.RESOLUTIONS) {
                    TransformCost resolution = transform.with(parameters);
                    LossCost cost = ofMagnitudes(resolution, items, length);
                    bytes = Math.max(bytes, cost.bytes);
                    transforms += resolution.tables() + resolution.workers();
                    work += cost.work + resolution.making();
                }
                yield new LossCost(bytes + transforms + (long) Double.BYTES * length, work);
            }
        };
    }

    /** With so much more work. */
    public LossCost plus(double more) {
        return new LossCost(bytes, work + more);
    }

    /** The cost of a {@link MelTransform} of an estimate and of a target, and of its adjoint, without its filters. */
    public static LossCost ofMel(TransformCost transform, int mels, int items, int length) {
        long frames = transform.parameters().frames(length);
        double bins = (double) frames * transform.parameters().bins();
        return new LossCost(
                (long) (2 * Float.BYTES * bins)
                        + MEL_BYTES * mels * frames
                        + SAMPLE_BYTES * length
                        + 2L * Double.BYTES * transform.parameters().fftSize()
                        + transform.workers()
                        + transform.frameTransform() * transform.threads(),
                items * (2 * transform.singleFrames(frames) + transform.frames(frames) + BIN_WORK * bins));
    }

    /** The sums of both gradients, padded and cut, and the two as one. */
    private static LossCost ofMagnitudes(TransformCost transform, int items, int length) {
        long frames = transform.parameters().frames(length);
        double bins = (double) frames * transform.parameters().bins();
        long gradients =
                4L * Float.BYTES * (length + (long) transform.parameters().fftSize());
        return new LossCost(
                gradients
                        + (long) Double.BYTES * length
                        + transform.loop()
                        + TERMS_BYTES * (frames / FrameLoop.TILE_FRAMES + 1)
                        + transform.workers(),
                items * (4 * transform.frames(frames) + MAGNITUDE_WORK * bins));
    }

    private static LossCost ofPhase(TransformCost transform, int items, int length) {
        long frames = transform.parameters().frames(length);
        double bins = (double) frames * transform.parameters().bins();
        long padding = 2L * Double.BYTES * transform.parameters().fftSize();
        return new LossCost(
                (long) (BIN_BYTES * bins) + SAMPLE_BYTES * length + padding + transform.workers(),
                items * (3 * transform.frames(frames) + BIN_WORK * bins));
    }
}
