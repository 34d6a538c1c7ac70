package dev.phasor.stft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.signal.AudioSignal;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 15, 256, 1000, 1021})
    void inverseOfForwardIsTheSignal(int fftSize) {
        Random random = new Random(1);
        float[] x = new float[5000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        Stft stft = new Stft(StftParameters.hann(fftSize, Math.max(1, fftSize / 3)));
        AudioSignal y = stft.inverse(stft.forward(AudioSignal.mono(x, 16000)), x.length, 16000);
        double error = 0;
        double energy = 0;
        for (int i = 0; i < x.length; i++) {
            error += Math.pow(y.samples(0)[i] - x[i], 2);
            energy += Math.pow(x[i], 2);
        }
        assertThat(Math.sqrt(error / energy)).isLessThan(1e-6);
    }
}
