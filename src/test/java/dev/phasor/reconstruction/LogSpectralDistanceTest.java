package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By the definition in double, of sound in digital silence. */
class LogSpectralDistanceTest {

    private static final double FLOOR_DB = -100;

    @ParameterizedTest
    @ValueSource(floats = {1, 1.2f, 1.6f, 2.1f, 1e20f, 1e-20f})
    void isThatOfItsDefinitionAtAnyLevel(float level) {
        Stft stft = Kernels.best().stft(StftParameters.hann(64, 16));
        float[] noise = Signals.noise(3, 2000);
        float[] reference = new float[2000];
        float[] found = new float[2000];
        for (int i = 0; i < 2000; i++) {
            reference[i] = i == 700 ? level : 0;
            found[i] = reference[i] + 1e-3f * level * noise[i];
        }
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(reference, 8000));
        AudioSignal audio = AudioSignal.mono(found, 8000);
        Evaluation evaluation =
                Evaluation.delivered(audio, z.magnitude(), stft, Kernels.best().iteration());

        assertThat(evaluation.logSpectralDistanceDb().get(0))
                .isCloseTo(distance(z.magnitude(), stft.forward(audio).magnitude()), within(1e-3));
    }

    private static double distance(MagnitudeSpectrogram asked, MagnitudeSpectrogram found) {
        float[] m = asked.values(0);
        float[] y = found.values(0);
        double largest = 0;
        for (float value : m) {
            largest = Math.max(largest, value);
        }
        double floor = largest * Math.pow(10, FLOOR_DB / 20);
        int bins = asked.shape().bins();
        double sum = 0;
        for (int frame = 0; frame < asked.shape().frames(); frame++) {
            double squares = 0;
            for (int i = frame * bins; i < (frame + 1) * bins; i++) {
                squares += Math.pow(20 * Math.log10(Math.max(y[i], floor) / Math.max(m[i], floor)), 2);
            }
            sum += Math.sqrt(squares / bins);
        }
        return sum / asked.shape().frames();
    }
}
