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
                    return figures.ask(tile, wanted);
                },
                (block, offset, count) -> {
                    written.samples(block, offset, count);
                    figures.deliver(block, offset, count);
                },
                magnitude == null ? figures::ask : null);
        frames.fix(re.frames(), out.length);
        figures.fix(re.frames(), out.length);
        frames.synthesize(re.frames());
        return figures.end(frames.sum());
    }

    /**
     * How far the spectrogram S of the answered audio is from the one that came, Z.
     *
     * @param decibels 20 log10(|S - Z| / |Z|) in dB, in [-200, 200]
     * @param insideDecibels the same without the last frames, which the answer's end cuts, where there are others
     */
    public record Inconsistency(double decibels, double insideDecibels) {}

    /** The inverse alone, as {@link Stft#inverse} has it. */
    public static Inconsistency of(Stft stft, IterationKernel kernel, Rows re, Rows im, float[] out) {
        PushedInverse inverse =
                new PushedInverse(stft, kernel, re.frames(), out.length, new StreamedInverse.Written(out));
        inverse.push(re, im);
        return inverse.end();
    }

    /**
     * The figures of squares of each frame.
     *
     * @param distances |S - Z|^2 of each frame, and {@code energies} |Z|^2, both times one factor
     */
    static Inconsistency inconsistency(float[] distances, float[] energies) {
        int end = Math.min(energies.length, PushedInverse.edge(energies.length) * FrameLoop.TILE_FRAMES);
        return new Inconsistency(
                Decibels.ofEnergies(sum(distances, distances.length), sum(energies, energies.length)),
                Decibels.ofEnergies(sum(distances, end), sum(energies, end)));
    }

    private static double sum(float[] squares, int count) {
        double sum = 0;
        for (int frame = 0; frame < count; frame++) {
            sum += squares[frame];
        }
        return sum;
    }

    /** Bytes that one item holds at most, beside the {@link Stft}, the spectrogram and the audio. */
    public static long bytes(TransformCost transform, int samples) {
        int block = block(transform, samples);
        return SlidingFrames.bytes(transform, block) + DeliveredFigures.bytes(transform, block);
    }

    /** {@link #bytes} of the inverse alone. */
    public static long bytesAlone(TransformCost transform, int samples, int frames) {
        int block = block(transform, samples);
        return SlidingFrames.bytes(transform, block)
                + SlidingFrames.analysisBytes(transform, block)
                + SlidingFrames.inverseBytes(transform, block, frames)
                + transform.threads() * transform.tiles(FrameLoop.TILE_FRAMES);
    }

    /** Samples that are handed out at once, at most. */
    static int block(TransformCost transform, int samples) {
        long window = SlidingFrames.windowFrames(transform, samples)
                * transform.parameters().hopLength();
        return (int) Math.min(samples, window);
    }
}
