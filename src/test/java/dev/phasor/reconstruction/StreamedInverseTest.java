package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.phase.Floor;
import dev.phasor.quality.Magnitudes;
import dev.phasor.reconstruction.StreamedInverse.Outcome;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Framing;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream gives what the whole signal gives: the same bits, and the same report. */
class StreamedInverseTest {

    @ParameterizedTest
    @CsvSource({
        // n_fft, hop, win, framing, pad mode, samples
        "256, 64, 256, CENTER, CONSTANT, 5000",
        "256, 64, 256, CENTER, REFLECT, 5000",
        "256, 64, 256, CENTER, EDGE, 5000",
        "256, 64, 200, CENTER, REFLECT, 5001",
        "255, 50, 255, CENTER, REFLECT, 4999",
        "15, 4, 15, CENTER, EDGE, 333",
        "2, 1, 2, CENTER, REFLECT, 50",
        "3, 1, 3, CENTER, REFLECT, 50",
        "1024, 256, 1024, CENTER, REFLECT, 100",
        "1024, 256, 1024, CENTER, REFLECT, 2",
        "1024, 256, 1024, CENTER, CONSTANT, 1",
        "1024, 600, 1024, CENTER, CONSTANT, 9000",
        "64, 16, 64, NONE, CONSTANT, 64",
        "64, 16, 64, NONE, CONSTANT, 1600",
        "256, 64, 256, SAME, REFLECT, 5000",
        "256, 63, 200, SAME, REFLECT, 5001",
        "1024, 255, 1024, SAME, CONSTANT, 40001",
        "64, 64, 64, SAME, EDGE, 640",
    })
    void asTheWholeSignal(int fftSize, int hop, int win, Framing framing, PadMode padMode, int samples) {
        Window window = framing == Framing.CENTER ? Window.HANN : new Window(Window.Kind.HAMMING, Window.DEFAULT);
        StftParameters parameters = new StftParameters(fftSize, hop, win, window, framing, padMode);
        asTheWholeSignal(parameters, samples, Kernels.best());
        asTheWholeSignal(parameters, samples, Kernels.java());
    }

    /** Of frames that came back as they were asked for, too: their distance, by the energy of the difference. */
    @ParameterizedTest
    @ValueSource(floats = {1, 1e25f, 1e-25f})
    void whatRoundingLeavesIsTold(float level) {
        whatRoundingLeavesIsTold(Kernels.best(), level);
        whatRoundingLeavesIsTold(Kernels.java(), level);
    }

    private static void whatRoundingLeavesIsTold(Kernels kernels, float level) {
        Stft stft = kernels.stft(StftParameters.hann(256, 64));
        float[] signal = Signals.noise(1, 5000);
        for (int i = 0; i < signal.length; i++) {
            signal[i] *= level;
        }
        AudioSignal audio = new AudioSignal(Shape.SCALAR, new float[][] {signal}, 8000);
        float[] whole = stft.inverse(stft.forward(audio), signal.length, 8000).samples(0);
        Outcome outcome = stream(stft, kernels.iteration(), audio.peak(), signal, whole);
        ComplexSpectrogram asked = stft.forward(audio);
        ComplexSpectrogram found = stft.forward(new AudioSignal(Shape.SCALAR, new float[][] {whole}, 8000));
        double distance = 0;
        double energy = 0;
        for (int i = 0; i < asked.re(0).length; i++) {
            distance += Math.pow(found.re(0)[i] - asked.re(0)[i], 2) + Math.pow(found.im(0)[i] - asked.im(0)[i], 2);
            energy += Math.pow(asked.re(0)[i], 2) + Math.pow(asked.im(0)[i], 2);
        }
        // The transforms round, too.
        double expected = 10 * Math.log10(distance / energy);
        assertThat(expected).isBetween(-160.0, -120.0);
        assertThat(outcome.accuracy().spectralConvergenceDb()).isCloseTo(expected, within(6.0));
        assertThat(outcome.accuracy().inconsistencyDb()).isCloseTo(expected, within(6.0));
    }

    private static void asTheWholeSignal(StftParameters parameters, int samples, Kernels kernels) {
        asTheWholeSignal(parameters, Signals.noise(1, samples), kernels);
        float[] silentBetween = Signals.noise(1, samples);
        Arrays.fill(silentBetween, samples / 5, samples - samples / 5, 0);
        asTheWholeSignal(parameters, silentBetween, kernels);
    }

    private static void asTheWholeSignal(StftParameters parameters, float[] signal, Kernels kernels) {
        Stft stft = kernels.stft(parameters);
        IterationKernel kernel = kernels.iteration();
        int samples = signal.length;
        AudioSignal audio = new AudioSignal(Shape.SCALAR, new float[][] {signal}, 8000);
        ComplexSpectrogram z = stft.forward(audio);
        AudioSignal whole = stft.inverse(z, samples, 8000);
        Evaluation evaluation = Evaluation.delivered(whole, Magnitudes.of(z), stft, kernel);

        Outcome unbounded = stream(stft, kernel, Float.POSITIVE_INFINITY, signal, whole.samples(0));
        Outcome outcome = stream(stft, kernel, audio.peak(), signal, whole.samples(0));

        assertThat(outcome).isEqualTo(unbounded);
        // Rounding alone: what is left of it differs by the order of operations.
        double convergence = evaluation.spectralConvergenceDb().get(0);
        assertThat(outcome.accuracy().spectralConvergenceDb()).isLessThan(-100);
        assertThat(convergence).isLessThan(-100);
        assertThat(outcome.accuracy().inconsistencyDb()).isLessThan(-100);
    }

    private static Outcome stream(Stft stft, IterationKernel kernel, float peak, float[] signal, float[] expected) {
        int samples = signal.length;
        float[] streamed = new float[samples];
        int[] length = {0};
        StreamedInverse stream = new StreamedInverse(stft, kernel, Floor.DEFAULT, peak, (block, offset, count) -> {
            System.arraycopy(block, offset, streamed, length[0], count);
            length[0] += count;
        });
        Random cuts = new Random(2);
        for (int i = 0; i < samples; ) {
            int count = Math.min(samples - i, 1 + cuts.nextInt(300));
            stream.push(signal, i, count);
            i += count;
        }
        Outcome outcome = stream.end();

        assertThat(length[0]).isEqualTo(samples);
        assertThat(streamed).isEqualTo(expected);
        return outcome;
    }
}
