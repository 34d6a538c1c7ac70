package dev.phasor.reconstruction;

import dev.phasor.signal.Rows;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.SlidingFrames;
import dev.phasor.stft.Stft;
import dev.phasor.stft.TransformCost;
import org.jspecify.annotations.Nullable;

/**
 * The least-squares inverse of one item's complex spectrogram, tile by tile, with the figures of {@link Accuracy} on
 * the audio that is delivered: each frame is synthesized once and the audio is analyzed once. {@link StreamedInverse}
 * does the same from audio.
 */
public final class SpectrogramInverse {

    private SpectrogramInverse() {}

    /**
     * Inverts a spectrogram.
     *
     * @param re Not modified, nor is {@code im}.
     * @param magnitude the magnitudes that the figures compare with, not modified; null for those of {@code re} and
     *     {@code im}
     * @param out modified; where it is longer than the frames reach, zeros
     * @throws dev.phasor.signal.InvalidInputException {@code NOLA} if the frames do not determine {@code out}
     */
    public static Accuracy of(
            Stft stft, IterationKernel kernel, Rows re, Rows im, @Nullable Rows magnitude, float[] out) {
        DeliveredFigures figures = new DeliveredFigures(stft, kernel);
        StreamedInverse.Written written = new StreamedInverse.Written(out);
        SlidingFrames frames = new SlidingFrames(
                stft,
                (tile, count, tileRe, tileIm) -> {
                    stft.cut(re, tile, tileRe);
                    stft.cut(im, tile, tileIm);
                    float[] wanted = new float[tileRe.length];
                    if (magnitude == null) {
                        kernel.magnitude(tileRe, tileIm, wanted, 0, wanted.length);
                    } else {
                        stft.cut(magnitude, tile, wanted);
                    }
                    figures.ask(tile, wanted);
                    return kernel.squares(wanted);
                },
                (block, offset, count) -> {
                    written.samples(block, offset, count);
                    figures.deliver(block, offset, count);
                });
        frames.fix(re.frames(), out.length);
        figures.fix(re.frames(), out.length);
        frames.synthesize();
        return figures.end(frames.sum());
    }

    /**
     * The inverse alone, as {@link Stft#inverse} has it.
     *
     * @return 20 log10(|S - Z| / |Z|) in dB, in [-200, 200]: how far the spectrogram S of {@code out} is from this one
     */
    public static double of(Stft stft, IterationKernel kernel, Rows re, Rows im, float[] out) {
        SlidingFrames delivered = new SlidingFrames(
                stft,
                (tile, count, tileRe, tileIm) -> {
                    float[] wanted = new float[tileRe.length];
                    stft.cut(re, tile, wanted);
                    double distance = kernel.squaredDistance(tileRe, wanted);
                    stft.cut(im, tile, wanted);
                    return distance + kernel.squaredDistance(tileIm, wanted);
                },
                null);
        StreamedInverse.Written written = new StreamedInverse.Written(out);
        SlidingFrames frames = new SlidingFrames(
                stft,
                (tile, count, tileRe, tileIm) -> {
                    stft.cut(re, tile, tileRe);
                    stft.cut(im, tile, tileIm);
                    return kernel.squares(tileRe) + kernel.squares(tileIm);
                },
                (block, offset, count) -> {
                    written.samples(block, offset, count);
                    delivered.push(block, offset, count);
                });
        frames.fix(re.frames(), out.length);
        delivered.fix(re.frames(), out.length);
        frames.synthesize();
        delivered.end();
        return Decibels.ofEnergies(delivered.sum(), frames.sum());
    }

    /** Bytes that one item holds at most, beside the {@link Stft}, the spectrogram and the audio. */
    public static long bytes(TransformCost transform, int samples) {
        return SlidingFrames.bytes(transform, block(transform, samples))
                + DeliveredFigures.bytes(transform, block(transform, samples));
    }

    /** {@link #bytes} of the inverse alone. */
    public static long bytesAlone(TransformCost transform, int samples) {
        return 2 * SlidingFrames.bytes(transform, block(transform, samples))
                + transform.threads() * transform.tiles(FrameLoop.TILE_FRAMES);
    }

    /** Samples that are handed out at once, at most. */
    private static int block(TransformCost transform, int samples) {
        long window = SlidingFrames.windowFrames(transform, samples)
                * transform.parameters().hopLength();
        return (int) Math.min(samples, window);
    }
}
