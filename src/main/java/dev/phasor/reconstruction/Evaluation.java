package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Shape;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How near audio y comes to a reference, in dB, per channel; within -200..200, where -200 stands for "equal as far as
 * float32 can tell", and for silence compared with silence.
 *
 * @param spectralConvergenceDb lower is better; {@link Accuracy}
 * @param inconsistencyDb lower is better; {@link Accuracy}; empty where window and hop cannot be inverted
 * @param logSpectralDistanceDb the mean over frames of the root mean square over bins of 20 log10(|Y| / M), both not
 *     below -100 dB of the largest M; lower is better (Gray, Markel, "Distance Measures for Speech Processing", 1976)
 * @param signalToNoiseDb 10 log10(||x||^2 / ||x - y||^2); higher is better; empty without reference samples x. Says
 *     little of a reconstruction from magnitudes, which do not know the sign nor the exact place
 * @param scaleInvariantSdrDb 10 log10(||a x||^2 / ||a x - y||^2), a = (x, y) / ||x||^2, higher is better; empty
 *     likewise (Le Roux, Wisdom, Erdogan, Hershey, "SDR - Half-Baked or Well Done?", 2019, eq. 3-4)
 */
public record Evaluation(
        List<Double> spectralConvergenceDb,
        List<Double> inconsistencyDb,
        List<Double> logSpectralDistanceDb,
        List<Double> signalToNoiseDb,
        List<Double> scaleInvariantSdrDb) {

    /** Beyond the reference by so much, how much is all one; and no square overflows. */
    private static final double LOUDEST = 1e12;

    /**
     * Against the samples and the magnitudes of {@code reference}.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH} unless both have the same shape, and the same rate where
     *     both have one
     */
    public static Evaluation of(AudioSignal audio, AudioSignal reference, Stft stft, IterationKernel kernel) {
        audio.checkSame("reference", reference);
        int length = audio.length();
        List<float[]> magnitudes = IntStream.range(0, audio.items())
                .mapToObj(item -> magnitude(stft, kernel, reference.samples(item)))
                .toList();
        return of(
                audio,
                magnitudes,
                stft,
                stft.parameters().frames(length),
                kernel,
                each(audio, item -> signalToNoiseDb(audio.samples(item), reference.samples(item), length)),
                each(audio, item -> scaleInvariantSdrDb(audio.samples(item), reference.samples(item), length)));
    }

    /**
     * Against magnitudes.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH} unless they have the shape of the audio's spectrogram
     */
    public static Evaluation of(AudioSignal audio, MagnitudeSpectrogram magnitude, Stft stft, IterationKernel kernel) {
        checkLeading("magnitude", magnitude.shape().leading(), audio.leading());
        StftParameters parameters = stft.parameters();
        int frames = parameters.frames(audio.length());
        if (magnitude.shape().bins() != parameters.bins() || magnitude.shape().frames() != frames) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "magnitude must have " + parameters.bins() + " bins and " + frames + " frames, as the audio, got "
                            + magnitude.shape().bins() + " and "
                            + magnitude.shape().frames());
        }
        return delivered(audio, magnitude, stft, kernel);
    }

    /** Against the magnitudes that the audio was made from, whatever length of it was asked for. */
    static Evaluation delivered(AudioSignal audio, MagnitudeSpectrogram magnitude, Stft stft, IterationKernel kernel) {
        List<float[]> planes =
                IntStream.range(0, audio.items()).mapToObj(magnitude::values).toList();
        return of(audio, planes, stft, magnitude.shape().frames(), kernel, List.of(), List.of());
    }

    private static Evaluation of(
            AudioSignal audio,
            List<float[]> magnitudes,
            Stft stft,
            int frames,
            IterationKernel kernel,
            List<Double> snr,
            List<Double> siSdr) {
        boolean isInvertible = stft.isInvertible(frames, audio.length());
        FrameLoop loop =
                isInvertible ? stft.frameLoop(frames, audio.length()) : stft.analysisLoop(frames, audio.length());
        List<Double> convergence = new ArrayList<>();
        List<Double> inconsistency = new ArrayList<>();
        List<Double> distance = new ArrayList<>();
        for (int item = 0; item < audio.items(); item++) {
            MagnitudeTarget target = MagnitudeTarget.of(magnitudes.get(item), loop, kernel);
            float[] samples =
                    scaled(audio.samples(item), loop.length(), MagnitudeTarget.exponent(magnitudes.get(item)));
            if (isInvertible) {
                Accuracy accuracy = Accuracy.of(loop, target, samples);
                convergence.add(accuracy.spectralConvergenceDb());
                inconsistency.add(accuracy.inconsistencyDb());
            } else {
                convergence.add(Accuracy.spectralConvergenceDb(loop, target, samples));
            }
            distance.add(LogSpectralDistance.of(loop, target, samples));
        }
        return new Evaluation(convergence, inconsistency, distance, snr, siSdr);
    }

    private static float[] scaled(float[] samples, int length, int exponent) {
        double scale = Math.scalb(1.0, -exponent);
        float[] scaled = new float[length];
        Ranges.forEach(length, length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                scaled[i] = (float) Math.max(-LOUDEST, Math.min(LOUDEST, samples[i] * scale));
            }
        });
        return scaled;
    }

    /** The scale-invariant SDR of each item, against samples of the same shape. */
    public static List<Double> scaleInvariantSdrDb(AudioSignal audio, AudioSignal reference) {
        audio.checkSame("reference", reference);
        int length = audio.length();
        return each(audio, item -> scaleInvariantSdrDb(audio.samples(item), reference.samples(item), length));
    }

    private static double signalToNoiseDb(float[] y, float[] x, int length) {
        double[] energy = new double[2];
        Ranges.inOrder(length, (from, to) -> {
            double signal = 0;
            double noise = 0;
            for (int i = from; i < to; i++) {
                signal += (double) x[i] * x[i];
                noise += ((double) x[i] - y[i]) * ((double) x[i] - y[i]);
            }
            energy[0] += signal;
            energy[1] += noise;
        });
        return -Decibels.ofEnergies(energy[1], energy[0]);
    }

    private static double scaleInvariantSdrDb(float[] y, float[] x, int length) {
        double[] products = new double[3];
        Ranges.inOrder(length, (from, to) -> {
            double inner = 0;
            double ofReference = 0;
            double ofAudio = 0;
            for (int i = from; i < to; i++) {
                inner += (double) x[i] * y[i];
                ofReference += (double) x[i] * x[i];
                ofAudio += (double) y[i] * y[i];
            }
            products[0] += inner;
            products[1] += ofReference;
            products[2] += ofAudio;
        });
        double inner = products[0];
        double reference = products[1];
        if (inner == 0) {
            // Nothing of the reference is there: best only where there is none, and nothing else either.
            return reference == 0 && products[2] == 0 ? -Decibels.LOWEST : -Decibels.HIGHEST;
        }
        double scale = inner / reference;
        double[] noise = new double[1];
        Ranges.inOrder(length, (from, to) -> {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += (scale * x[i] - y[i]) * (scale * x[i] - y[i]);
            }
            noise[0] += sum;
        });
        return -Decibels.ofEnergies(noise[0], scale * scale * reference);
    }

    private static float[] magnitude(Stft stft, IterationKernel kernel, float[] samples) {
        int size = stft.parameters().bins() * stft.parameters().frames(samples.length);
        float[] re = new float[size];
        float[] im = new float[size];
        stft.forward(samples, re, im);
        Ranges.forEach(size, size, 1, (from, to) -> kernel.magnitude(re, im, re, from, to));
        if (!(Problem.largest(re) < Float.MAX_VALUE)) {
            throw new InvalidInputException(
                    Code.NON_FINITE_INPUT,
                    "the reference must be small enough for float32, got samples whose spectrogram is not finite");
        }
        return re;
    }

    private static List<Double> each(AudioSignal audio, IntToDoubleFunction measure) {
        return IntStream.range(0, audio.items()).mapToDouble(measure).boxed().toList();
    }

    private static void checkLeading(String name, Shape got, Shape expected) {
        if (!got.equals(expected)) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH, name + " must have the leading axes " + expected + ", got " + got);
        }
    }
}
