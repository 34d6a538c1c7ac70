package dev.phasor.reconstruction;

import static java.util.Objects.requireNonNull;

import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.SlidingFrames;
import dev.phasor.stft.SlidingFrames.Inverse;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of {@link Accuracy} on audio while it is delivered. Its spectrogram z is compared with the magnitudes M
 * that were asked for. S = M z/|z| differs from z by d, and z is the spectrogram of a signal, so the distance of S from
 * the spectrograms of signals is that of d: |P_C(S) - S| = |P_C(d) - d|. Memory is that of the frames under way. Not
 * thread-safe, but for {@link #ask}.
 */
final class DeliveredFigures {

    /**
     * A tile whose squared error is at most this part of its energy, -120 dB, is as it was asked for. The error stands
     * for its inconsistency, which is no larger: P_C is a projection. Nothing of it is transformed again.
     */
    private static final double AS_ASKED = 1e-12;

    /** Magnitudes whose squares, and those of what is a million times as much or as little, are floats. */
    private static final int WIDEST_EXPONENT = 40;

    private final IterationKernel kernel;
    /** By tile: what was asked for, until the audio's frames are compared with it. */
    private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
    /** By tile, until the audio made from d is compared with it. */
    private final Map<Long, Difference> differences = new ConcurrentHashMap<>();

    private final SlidingFrames audio;
    /** Of the audio made from d. */
    private final SlidingFrames consistent;
    /** By tile: what the audio is made of where its magnitudes were asked for. */
    private final Map<Long, Inverse> inverses = new ConcurrentHashMap<>();

    /** @param energy the sum of the squares of the magnitudes */
    private record Asked(float[] magnitude, double energy) {}

    DeliveredFigures(Stft stft, IterationKernel kernel) {
        this.kernel = kernel;
        consistent = new SlidingFrames(stft, new OfDifference(), null);
        audio = new SlidingFrames(stft, new OfAudio(), consistent::push);
    }

    /**
     * Bytes beside the {@link Stft}: two windows, the audio of d, and three planes of the frames under way between
     * them: of each its magnitudes with what it is made of, and d afterwards.
     */
    static long bytes(TransformCost transform, int block) {
        StftParameters stft = transform.parameters();
        long underWay = stft.fftSize() / stft.hopLength()
                + 2 * FrameLoop.TILE_FRAMES
                + SlidingFrames.windowFrames(transform, block);
        return SlidingFrames.bytes(transform, block)
                + SlidingFrames.analysisBytes(transform, block)
                + 3 * transform.tiles(underWay);
    }

    /** Fixes how many frames were asked for, and how many samples are delivered; see {@link SlidingFrames#fix}. */
    void fix(long frames, long samples) {
        audio.fix(frames, samples);
        consistent.fix(frames, samples);
    }

    /**
     * Takes the magnitudes of a tile, before the samples that are made from it. Thread-safe.
     *
     * @return the sum of their squares
     */
    double ask(long tile, float[] magnitude) {
        double energy = kernel.squares(magnitude);
        asked.put(tile, new Asked(magnitude, energy));
        return energy;
    }

    /** @param samples the next that are delivered; not modified */
    void deliver(float[] samples, int offset, int count) {
        audio.push(samples, offset, count);
    }

    /**
     * Takes what the samples of a tile are made of, where its spectrogram has the magnitudes that were asked for. Where
     * the audio's spectrogram is as good as the same, their distance stands for the error, which is no larger.
     */
    void ask(long tile, Inverse inverse) {
        inverses.put(tile, inverse);
    }

    /** @param energy the sum of the squares of all magnitudes that were asked for */
    Accuracy end(double energy) {
        audio.end();
        consistent.end();
        return new Accuracy(decibels(audio.sum(), energy), decibels(consistent.sum(), energy));
    }

    /** An error at the end of floats may be beyond them, and its energy no number: it is as large as any. */
    private static double decibels(double error, double energy) {
        return Decibels.ofEnergies(Double.isNaN(error) ? Double.POSITIVE_INFINITY : error, energy);
    }

    /** Of a tile of the audio's frames, which become d: the sum of (|z| - M)^2. */
    private final class OfAudio implements SlidingFrames.Step {

        @Override
        public double apply(long tile, int frames, float[] re, float[] im) {
            return error(tile, re, im);
        }

        @Override
        public double known(long tile, int frames) {
            Inverse inverse = inverses.remove(tile);
            double error = inverse == null ? Double.NaN : audio.squaredDistance(tile, frames, inverse);
            if (!(error <= AS_ASKED * requireNonNull(asked.get(tile)).energy)) {
                return Double.NaN;
            }
            asked.remove(tile);
            differences.put(tile, new Difference(null, null, error));
            return error;
        }

        @Override
        public boolean isZeros(long tile) {
            return requireNonNull(differences.get(tile)).re == null;
        }
    }

    private double error(long tile, float[] re, float[] im) {
        float[] magnitude = requireNonNull(asked.remove(tile)).magnitude;
        int exponent = exponent(magnitude);
        scale(-exponent, magnitude, re, im);
        double error = kernel.squaredError(magnitude, re, im);
        if (Double.isInfinite(error)) {
            // The sound is far louder here than what was asked for.
            int louder = Math.max(MagnitudeTarget.exponent(absolute(re)), MagnitudeTarget.exponent(absolute(im)));
            scale(-louder, magnitude, re, im);
            exponent += louder;
            error = kernel.squaredError(magnitude, re, im);
        }
        boolean asAsked = error <= AS_ASKED * kernel.squares(magnitude);
        if (!asAsked) {
            float[] zRe = re.clone();
            float[] zIm = im.clone();
            kernel.project(magnitude, re, im);
            subtract(zRe, re);
            subtract(zIm, im);
            scale(exponent, re, im);
        }
        error = Math.scalb(error, 2 * exponent);
        differences.put(tile, asAsked ? new Difference(null, null, error) : new Difference(re.clone(), im.clone(), 0));
        return error;
    }

    /**
     * d on a tile, null where it is taken for 0.
     *
     * @param left |d|^2 that is not in {@code re} and {@code im}
     */
    private record Difference(float @Nullable [] re, float @Nullable [] im, double left) {}

    private static void subtract(float[] values, float[] from) {
        for (int i = 0; i < values.length; i++) {
            from[i] -= values[i];
        }
    }

    /** Of a tile of the frames of P_C(d): |P_C(d) - d|^2. */
    private final class OfDifference implements SlidingFrames.Step {

        @Override
        public double apply(long tile, int frames, float[] re, float[] im) {
            Difference d = requireNonNull(differences.remove(tile));
            return d.left + squaredDistance(re, d.re) + squaredDistance(im, d.im);
        }

        @Override
        public double applyToZeros(long tile, int frames, float[] re, float[] im) {
            Difference d = requireNonNull(differences.get(tile));
            if (d.re != null) {
                return SlidingFrames.Step.super.applyToZeros(tile, frames, re, im);
            }
            differences.remove(tile);
            return d.left;
        }
    }

    private double squaredDistance(float[] plane, float @Nullable [] d) {
        return d == null ? kernel.squares(plane) : kernel.squaredDistance(plane, d);
    }

    private static float[] absolute(float[] values) {
        float[] absolute = values.clone();
        for (int i = 0; i < absolute.length; i++) {
            absolute[i] = Math.abs(absolute[i]);
        }
        return absolute;
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
