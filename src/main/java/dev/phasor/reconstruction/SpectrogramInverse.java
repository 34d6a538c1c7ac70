package dev.phasor.reconstruction;

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
     * @param tiles the layout of the item's tiles
     * @param re [frame][bin]; not modified, nor is {@code im}
     * @param magnitude the magnitudes that the figures compare with, [frame][bin], not modified; null for those of
     *     {@code re} and {@code im}
     * @param out modified; where it is longer than the frames reach, zeros
     * @throws dev.phasor.signal.InvalidInputException {@code NOLA} if the frames do not determine {@code out}
     */
    public static Accuracy of(
            Stft stft,
            IterationKernel kernel,
            FrameLoop tiles,
            float[] re,
            float[] im,
            float @Nullable [] magnitude,
            float[] out) {
        DeliveredFigures figures = new DeliveredFigures(stft, kernel);
        StreamedInverse.Written written = new StreamedInverse.Written(out);
        SlidingFrames frames = new SlidingFrames(
                stft,
                (tile, count, tileRe, tileIm) -> {
                    tiles.cut(re, (int) tile, tileRe);
                    tiles.cut(im, (int) tile, tileIm);
                    float[] wanted = new float[tileRe.length];
                    if (magnitude == null) {
                        kernel.magnitude(tileRe, tileIm, wanted, 0, wanted.length);
                    } else {
                        tiles.cut(magnitude, (int) tile, wanted);
                    }
                    figures.ask(tile, wanted);
                    return kernel.squares(wanted);
                },
                (block, offset, count) -> {
                    written.samples(block, offset, count);
                    figures.deliver(block, offset, count);
                });
        frames.fix(tiles.frames(), out.length);
        figures.fix(tiles.frames(), out.length);
        frames.synthesize();
        return figures.end(frames.sum());
    }

    /** Bytes that one item holds at most, beside the {@link Stft}, the spectrogram and the audio. */
    public static long bytes(TransformCost transform, int samples) {
        int block = (int) Math.min(samples, SlidingFrames.windowFrames(transform, samples) * (long) hop(transform));
        return SlidingFrames.bytes(transform, block) + DeliveredFigures.bytes(transform, block) + transform.loop();
    }

    private static int hop(TransformCost transform) {
        return transform.parameters().hopLength();
    }
}
