package dev.phasor.reconstruction;

import static java.util.Objects.requireNonNull;

import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.SlidingFrames;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The figures of {@link Accuracy} on audio while it is delivered: its spectrogram is compared with the magnitudes that
 * were asked for, and the spectrogram with those magnitudes and its own phases is compared with that of the audio made
 * from it. Memory is that of the frames under way. Not thread-safe, but for {@link #ask}.
 */
final class DeliveredFigures {

    /** Magnitudes whose squares, and those of what is a million times as much or as little, are floats. */
    private static final int WIDEST_EXPONENT = 40;

    private final IterationKernel kernel;
    /** By tile: the magnitudes asked for, until the audio's frames are compared with them. */
    private final Map<Long, float[]> magnitudes = new ConcurrentHashMap<>();
    /** By tile: real and imaginary parts of the magnitudes asked for with the phases delivered. */
    private final Map<Long, float[][]> projections = new ConcurrentHashMap<>();

    private final SlidingFrames audio;
    private final SlidingFrames consistent;

    DeliveredFigures(Stft stft, IterationKernel kernel) {
        this.kernel = kernel;
        consistent = new SlidingFrames(stft, this::inconsistency, null);
        audio = new SlidingFrames(stft, this::error, consistent::push);
    }

    /** Bytes beside the {@link Stft}: two windows, and the frames under way between three. */
    static long bytes(TransformCost transform, int block) {
        StftParameters stft = transform.parameters();
        long underWay = stft.fftSize() / stft.hopLength()
                + 2 * FrameLoop.TILE_FRAMES
                + SlidingFrames.windowFrames(transform, block);
        return 2 * SlidingFrames.bytes(transform, block) + 3 * transform.tiles(underWay);
    }

    /** Fixes how many frames were asked for, and how many samples are delivered; see {@link SlidingFrames#fix}. */
    void fix(long frames, long samples) {
        audio.fix(frames, samples);
        consistent.fix(frames, samples);
    }

    /** Takes the magnitudes of a tile, before the samples that are made from it. Thread-safe. */
    void ask(long tile, float[] magnitude) {
        magnitudes.put(tile, magnitude);
    }

    /** @param samples the next that are delivered; not modified */
    void deliver(float[] samples, int offset, int count) {
        audio.push(samples, offset, count);
    }

    /** @param energy the sum of the squares of all magnitudes that were asked for */
    Accuracy end(double energy) {
        audio.end();
        consistent.end();
        return new Accuracy(Decibels.ofEnergies(audio.sum(), energy), Decibels.ofEnergies(consistent.sum(), energy));
    }

    /** The sum of (|z| - M)^2 over a tile of the audio's frames, which become M z/|z|. */
    private double error(long tile, int frames, float[] re, float[] im) {
        float[] magnitude = requireNonNull(magnitudes.remove(tile));
        int exponent = exponent(magnitude);
        scale(-exponent, magnitude, re, im);
        double error = kernel.squaredError(magnitude, re, im);
        kernel.project(magnitude, re, im);
        scale(exponent, magnitude, re, im);
        projections.put(tile, new float[][] {re.clone(), im.clone()});
        return Math.scalb(error, 2 * exponent);
    }

    /** The squared distance of a tile of consistent frames from the frames that they were made from. */
    private double inconsistency(long tile, int frames, float[] re, float[] im) {
        float[][] projection = requireNonNull(projections.remove(tile));
        return Accuracy.squaredDistance(re, im, projection[0], projection[1]);
    }

    /** 0 where squares of such magnitudes are floats, else the power of two that the largest is in. */
    private static int exponent(float[] magnitude) {
        int exponent = MagnitudeTarget.exponent(magnitude);
        return Math.abs(exponent) > WIDEST_EXPONENT ? exponent : 0;
    }

    private static void scale(int exponent, float[]... planes) {
        if (exponent != 0) {
            double factor = Math.scalb(1.0, exponent);
            for (float[] plane : planes) {
                for (int i = 0; i < plane.length; i++) {
                    plane[i] = (float) (plane[i] * factor);
                }
            }
        }
    }
}
