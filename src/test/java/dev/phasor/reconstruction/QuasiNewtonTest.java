package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Recordings;
import dev.phasor.quality.Magnitudes;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.stft.Framing;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class QuasiNewtonTest {

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
}
