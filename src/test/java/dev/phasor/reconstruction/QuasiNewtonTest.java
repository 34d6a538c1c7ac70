package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Recordings;
import dev.phasor.quality.Magnitudes;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.stft.Framing;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuasiNewtonTest {

    private static final int SAMPLES = 4096;
    private static final StftParameters TRANSFORM = StftParameters.hann(256, 32);

    /**
     * A step leads upwards now and then, and sometimes it is the last: Griffin-Lim's step goes from the better of two.
     */
    @Test
    void theLastStepIsNotFollowedUpwards() {
        for (int iterations = 10; iterations <= 80; iterations++) {
            List<Double> errors = new ArrayList<>();
            Reconstruction reconstruction = PhaseReconstructor.of(Algorithm.HYBRID)
                    .reconstruct(
                            toneAndStep(),
                            ReconstructionParameters.of(TRANSFORM)
                                    .withIterations(iterations)
                                    .withLength(SAMPLES),
                            (item, iteration, db) -> errors.add(db));
            assertThat(reconstruction.report().spectralConvergenceDb().get(0))
                    .as("%d iterations", iterations)
                    .isLessThanOrEqualTo(Math.min(errors.get(iterations - 2), errors.get(iterations - 1)) + 1e-3);
        }
    }

    /**
     * Where the window is nearly 0 the first samples of uncentered frames may be large; they count as frames see them.
     */
    @Test
    void uncenteredFramesAreSolvedAsWellAsCenteredOnes() {
        float[] music = Arrays.copyOf(Recordings.read(Recordings.music()).samples(0), 60_000);
        StftParameters centered = StftParameters.hann(512, 64);
        StftParameters uncentered =
                new StftParameters(512, 64, 512, centered.window(), Framing.NONE, centered.padMode());

        assertThat(convergence(uncentered, music)).isLessThan(convergence(centered, music) + 2);
    }

    private static double convergence(StftParameters stft, float[] samples) {
        MagnitudeSpectrogram magnitude =
                Magnitudes.CONSISTENT.of(AudioSignal.mono(samples, AudioSignal.UNKNOWN_RATE), stft);
        ReconstructionParameters parameters =
                ReconstructionParameters.of(stft).withIterations(64).withLength(samples.length);
        return PhaseReconstructor.of(Algorithm.AUTO)
                .reconstruct(magnitude, parameters, Progress.NONE)
                .report()
                .spectralConvergenceDb()
                .get(0);
    }

    private static MagnitudeSpectrogram toneAndStep() {
        float[] signal = new float[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            signal[i] = (float) Math.sin(0.3 * i) + (i > SAMPLES / 2 ? 1 : 0);
        }
        return Magnitudes.CONSISTENT.of(AudioSignal.mono(signal, AudioSignal.UNKNOWN_RATE), TRANSFORM);
    }
}
