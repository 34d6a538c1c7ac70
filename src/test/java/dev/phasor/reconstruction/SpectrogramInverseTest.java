package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.phase.Floor;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.Rows;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Framing;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The audio has the bits of {@link Stft#inverse}, and its figures are those of {@link Evaluation#delivered}. */
class SpectrogramInverseTest {

    private static final Kernels KERNELS = Kernels.best();

    /** They would all be held until the end else. */
    @Test
    void framesBehindTheLastSampleDoNotWait() {
        Stft stft = KERNELS.stft(StftParameters.hann(256, 64));
        SpectrogramShape part = new SpectrogramShape(Shape.SCALAR, 129, 16);
        PushedInverse inverse =
                new PushedInverse(stft, KERNELS.iteration(), 100 * 16, 1000, (block, offset, count) -> {});
        for (int i = 0; i < 100; i++) {
            Rows frames = rows(noise(part).re(0), part, PlaneOrder.FRAMES_FIRST);
            inverse.push(frames, frames);
            assertThat(inverse.underWay()).isLessThan(3 * 16);
        }
        assertThat(inverse.end().decibels()).isCloseTo(0, within(0.5));
    }

    @ParameterizedTest
    @CsvSource({
        // n_fft, hop, win, framing, pad mode, frames, length (0: the default)
        "256, 64, 256, CENTER, CONSTANT, 1, 64",
        "256, 64, 256, CENTER, CONSTANT, 40, 0",
        "256, 64, 256, CENTER, REFLECT, 40, 0",
        "256, 64, 200, CENTER, EDGE, 1001, 0",
        "256, 64, 256, CENTER, CONSTANT, 40, 1000",
        "256, 64, 256, CENTER, CONSTANT, 40, 7",
        "256, 64, 256, CENTER, CONSTANT, 40, 2600",
        "256, 64, 256, CENTER, CONSTANT, 40, 9000",
        "255, 50, 255, CENTER, CONSTANT, 77, 0",
        "2, 1, 2, CENTER, CONSTANT, 50, 0",
        "1024, 256, 1024, CENTER, CONSTANT, 400, 0",
        "1024, 600, 1024, CENTER, CONSTANT, 50, 0",
        "64, 16, 64, NONE, CONSTANT, 1, 0",
        "64, 16, 64, NONE, CONSTANT, 100, 1500",
        "1024, 858993459, 1024, CENTER, CONSTANT, 7, 300",
        "64, 2147483647, 64, CENTER, CONSTANT, 20, 3",
        "256, 64, 256, SAME, REFLECT, 40, 0",
        "1024, 255, 1024, SAME, REFLECT, 157, 40001",
        "256, 63, 200, SAME, CONSTANT, 77, 1000",
    })
    void asTheWhole(int fftSize, int hop, int win, Framing framing, PadMode padMode, int frames, int asked) {
        Window window = framing == Framing.CENTER ? Window.HANN : new Window(Window.Kind.HAMMING, Window.DEFAULT);
        StftParameters parameters = new StftParameters(fftSize, hop, win, window, framing, padMode);
        Stft stft = KERNELS.stft(parameters);
        int length = asked == 0 ? parameters.defaultLength(frames) : asked;
        ComplexSpectrogram z = noise(new SpectrogramShape(Shape.SCALAR, parameters.bins(), frames));
        AudioSignal whole = stft.inverse(z, length, 8000);
        MagnitudeSpectrogram magnitude = z.magnitude();
        Evaluation evaluation = Evaluation.delivered(whole, magnitude, stft, KERNELS.iteration());

        PlaneOrder order = frames % 2 == 0 ? PlaneOrder.BINS_FIRST : PlaneOrder.FRAMES_FIRST;
        Rows re = rows(z.re(0), z.shape(), order);
        Rows im = rows(z.im(0), z.shape(), order);
        for (Rows wanted : new Rows[] {null, rows(magnitude.values(0), z.shape(), order)}) {
            float[] out = new float[length];
            Accuracy accuracy = SpectrogramInverse.of(stft, KERNELS.iteration(), re, im, wanted, out);

            assertThat(Arrays.equals(out, whole.samples(0))).isTrue();
            assertThat(accuracy.spectralConvergenceDb())
                    .isCloseTo(evaluation.spectralConvergenceDb().get(0), within(1e-3));
            // Equal as far as float32 can tell, or the same.
            assertThat(Math.max(-120, accuracy.inconsistencyDb()))
                    .isCloseTo(Math.max(-120, evaluation.inconsistencyDb().get(0)), within(1e-3));
        }
        float[] alone = new float[length];
        double inconsistencyDb =
                SpectrogramInverse.of(stft, KERNELS.iteration(), re, im, alone).decibels();
        assertThat(Arrays.equals(alone, whole.samples(0))).isTrue();
        if (parameters.frames(length) == frames) {
            assertThat(inconsistencyDb).isCloseTo(distanceDb(stft.forward(whole), z), within(1e-3));
        }
    }

    /** What a projection takes of such values is beyond floats, and its figures are numbers even so. */
    @Test
    void valuesAtTheEndOfFloatsHaveFigures() {
        Stft stft = KERNELS.stft(new StftParameters(31, 1, 15, Window.HANN, Framing.CENTER, PadMode.CONSTANT));
        ComplexSpectrogram z = noise(new SpectrogramShape(Shape.SCALAR, 16, 13));
        for (int i = 0; i < z.re(0).length; i++) {
            z.re(0)[i] = i % 2 == 0 ? Float.MAX_VALUE : -Float.MAX_VALUE;
            z.im(0)[i] = -1e10f;
        }
        Rows re = rows(z.re(0), z.shape(), PlaneOrder.FRAMES_FIRST);
        Rows im = rows(z.im(0), z.shape(), PlaneOrder.FRAMES_FIRST);
        for (Rows wanted : new Rows[] {null, rows(z.magnitude().values(0), z.shape(), PlaneOrder.FRAMES_FIRST)}) {
            Accuracy accuracy = SpectrogramInverse.of(stft, KERNELS.iteration(), re, im, wanted, new float[12]);

            assertThat(accuracy.spectralConvergenceDb()).isFinite();
            assertThat(accuracy.inconsistencyDb()).isFinite();
        }
    }

    /** A sound rings on where a stretch of frames is asked to be silent, whatever its level. */
    @ParameterizedTest
    @CsvSource({"1e20", "1e30", "1e-30"})
    void theFiguresOfSilenceBesideSoundAreThoseOfAnyLevel(float level) {
        Stft stft = KERNELS.stft(StftParameters.hann(8, 2));
        Accuracy[] accuracies = new Accuracy[2];
        for (int scaled = 0; scaled < 2; scaled++) {
            ComplexSpectrogram z = noise(new SpectrogramShape(Shape.SCALAR, 5, 300));
            for (int i = 0; i < z.re(0).length; i++) {
                float factor = i >= 5 * 150 ? 0 : scaled == 1 ? level : 1;
                z.re(0)[i] *= factor;
                z.im(0)[i] *= factor;
            }
            Rows re = rows(z.re(0), z.shape(), PlaneOrder.FRAMES_FIRST);
            Rows im = rows(z.im(0), z.shape(), PlaneOrder.FRAMES_FIRST);
            Rows wanted = rows(z.magnitude().values(0), z.shape(), PlaneOrder.FRAMES_FIRST);
            accuracies[scaled] = SpectrogramInverse.of(stft, KERNELS.iteration(), re, im, wanted, new float[598]);
        }
        assertThat(accuracies[1].spectralConvergenceDb())
                .isCloseTo(accuracies[0].spectralConvergenceDb(), within(1e-3));
        assertThat(accuracies[1].inconsistencyDb()).isCloseTo(accuracies[0].inconsistencyDb(), within(1e-3));
    }

    @ParameterizedTest
    @CsvSource({"1e33", "1e28", "1e20", "1e-20", "1e-28", "1e-33"})
    void theDistanceIsThatOfAnyLevel(float level) {
        Stft stft = KERNELS.stft(StftParameters.hann(64, 16));
        double[] decibels = new double[2];
        for (int scaled = 0; scaled < 2; scaled++) {
            ComplexSpectrogram z = noise(new SpectrogramShape(Shape.SCALAR, 33, 100));
            for (int i = 0; i < z.re(0).length; i++) {
                z.re(0)[i] *= scaled == 1 ? level : 1;
                z.im(0)[i] *= scaled == 1 ? level : 1;
            }
            Rows re = rows(z.re(0), z.shape(), PlaneOrder.FRAMES_FIRST);
            Rows im = rows(z.im(0), z.shape(), PlaneOrder.FRAMES_FIRST);
            float[] out = new float[99 * 16];
            decibels[scaled] = SpectrogramInverse.of(stft, KERNELS.iteration(), re, im, out)
                    .decibels();
            assertThat(out).isEqualTo(stft.inverse(z, out.length, 8000).samples(0));
        }
        assertThat(decibels[1]).isCloseTo(decibels[0], within(1e-3));
    }

    /** Frames that come back as they were asked for are not transformed again, but for those beside others. */
    @ParameterizedTest
    @CsvSource({"100, 20", "3, 1", "0, 200", "199, 1"})
    void aSpectrogramOfASignalButForSomeFrames(int first, int count) {
        Stft stft = KERNELS.stft(StftParameters.hann(256, 64));
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(noise(64 * 199), 8000));
        int bins = z.shape().bins();
        for (int i = first * bins; i < (first + count) * bins; i++) {
            z.re(0)[i] *= i % 3;
        }
        AudioSignal whole = stft.inverse(z, 64 * 199, 8000);
        Evaluation evaluation = Evaluation.delivered(whole, z.magnitude(), stft, KERNELS.iteration());

        Rows re = rows(z.re(0), z.shape(), PlaneOrder.FRAMES_FIRST);
        Rows im = rows(z.im(0), z.shape(), PlaneOrder.FRAMES_FIRST);
        float[] out = new float[64 * 199];
        Accuracy accuracy = SpectrogramInverse.of(stft, KERNELS.iteration(), re, im, null, out);

        assertThat(Arrays.equals(out, whole.samples(0))).isTrue();
        assertThat(accuracy.inconsistencyDb())
                .isCloseTo(evaluation.inconsistencyDb().get(0), within(1e-3))
                .isGreaterThan(-60);
    }

    /** 20 log10(|a - b| / |b|). */
    private static double distanceDb(ComplexSpectrogram a, ComplexSpectrogram b) {
        double distance = 0;
        double energy = 0;
        for (int i = 0; i < b.shape().planeSize(); i++) {
            distance += Math.pow(a.re(0)[i] - b.re(0)[i], 2) + Math.pow(a.im(0)[i] - b.im(0)[i], 2);
            energy += Math.pow(b.re(0)[i], 2) + Math.pow(b.im(0)[i], 2);
        }
        return 10 * Math.log10(distance / energy);
    }

    private static Rows rows(float[] plane, SpectrogramShape shape, PlaneOrder order) {
        float[] values = new float[plane.length + 3];
        Rows rows = new Rows(values, 3, shape, order);
        for (int frame = 0; frame < shape.frames(); frame++) {
            for (int bin = 0; bin < shape.bins(); bin++) {
                values[rows.at(bin, frame)] = plane[frame * shape.bins() + bin];
            }
        }
        return rows;
    }

    /** Of audio that comes back in another length: what its spectrogram comes back as. */
    @ParameterizedTest
    @CsvSource({"5000, 5000", "5000, 4000", "5000, 1", "5000, 5100", "5000, 20000", "100000, 70001"})
    void audioInAnotherLength(int samples, int length) {
        Stft stft = KERNELS.stft(StftParameters.hann(256, 64));
        float[] audio = noise(samples);
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(audio, 8000));
        float[] expected = new float[length];
        Rows re = rows(z.re(0), z.shape(), PlaneOrder.BINS_FIRST);
        Rows im = rows(z.im(0), z.shape(), PlaneOrder.BINS_FIRST);
        Accuracy ofSpectrogram = SpectrogramInverse.of(stft, KERNELS.iteration(), re, im, null, expected);

        float[] out = new float[length];
        Accuracy accuracy = StreamedInverse.of(
                        stft, KERNELS.iteration(), Floor.DEFAULT, Float.POSITIVE_INFINITY, audio, out)
                .accuracy();

        assertThat(Arrays.equals(out, expected)).isTrue();
        // Equal as far as float32 can tell, or the same.
        assertThat(Math.max(-120, accuracy.spectralConvergenceDb()))
                .isCloseTo(Math.max(-120, ofSpectrogram.spectralConvergenceDb()), within(1e-3));
    }

    private static ComplexSpectrogram noise(SpectrogramShape shape) {
        return new ComplexSpectrogram(
                shape, new float[][] {noise(shape.planeSize())}, new float[][] {noise(shape.planeSize() + 1, 1)});
    }

    private static float[] noise(int length) {
        return noise(length, 0);
    }

    private static float[] noise(int length, int dropped) {
        Random random = new Random(length);
        float[] values = new float[length - dropped];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
