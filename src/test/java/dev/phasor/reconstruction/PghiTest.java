package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Recordings;
import dev.phasor.quality.Clip;
import dev.phasor.quality.Magnitudes;
import dev.phasor.quality.Setting;
import dev.phasor.signal.AudioSignal;
import dev.phasor.stft.Stft;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PghiTest {

    private static double reached(Pghi pghi) {
        Stft stft = new Stft(Setting.S1.stft());
        AudioSignal audio =
                Clip.of(Recordings.speech()).between(stft.parameters().fftSize());
        float[] magnitude = Magnitudes.CONSISTENT.of(audio, stft.parameters()).values(0);
        Problem problem = new Problem(
                Kernels.best(), stft, magnitude, 0, audio.length(), ReconstructionParameters.of(stft.parameters()));
        return new Plan(Algorithm.PGHI, pghi, null).run(problem, Progress.NONE).spectralConvergenceDb();
    }

    /** The phase goes on where the block before ended. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 64})
    void blocksOfAnyLengthJoin(int frames) {
        double whole = reached(new Pghi(Integer.MAX_VALUE));
        assertThat(reached(new Pghi(frames * Setting.S1.stft().bins()))).isLessThan(whole + 1.5);
    }
}
