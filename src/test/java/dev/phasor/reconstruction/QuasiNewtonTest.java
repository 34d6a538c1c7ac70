package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuasiNewtonTest {

    private static final int ITERATIONS = 200;

    /** Twice the squared error is 3 dB. A click at redundancy 2 leads it up now and then. */
    @Test
    void aStepThatMoreThanDoublesTheErrorIsTakenBack() {
        List<Double> errors = new ArrayList<>();
        PhaseReconstructor.of(Algorithm.HYBRID)
                .reconstruct(
                        click(),
                        ReconstructionParameters.of(StftParameters.hann(256, 128))
                                .withIterations(ITERATIONS),
                        (item, iteration, db) -> errors.add(db));
        int takenBack = 0;
        // ADMM's iterations come first, and its errors waver: at most half of all.
        for (int i = ITERATIONS / 2 + 1; i + 1 < ITERATIONS; i++) {
            if (errors.get(i) > errors.get(i - 1) + 10 * Math.log10(2)) {
                takenBack++;
                assertThat(errors.get(i + 1)).as("iteration %d", i + 1).isLessThanOrEqualTo(errors.get(i - 1) + 1e-3);
            }
        }
        assertThat(takenBack).isPositive();
    }

    private static MagnitudeSpectrogram click() {
        Stft stft = new Stft(StftParameters.hann(256, 128));
        float[] signal = new float[4096];
        signal[2000] = 1;
        SpectrogramShape shape = new SpectrogramShape(
                Shape.SCALAR, stft.parameters().bins(), stft.parameters().frames(signal.length));
        float[] magnitude = new float[shape.planeSize()];
        float[] im = new float[shape.planeSize()];
        stft.forward(signal, magnitude, im);
        for (int i = 0; i < magnitude.length; i++) {
            magnitude[i] = (float) Math.hypot(magnitude[i], im[i]);
        }
        return new MagnitudeSpectrogram(shape, new float[][] {magnitude});
    }
}
