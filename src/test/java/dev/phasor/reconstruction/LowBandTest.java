package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.quality.Magnitudes;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LowBandTest {

    private static final int LENGTH = 40 * 256;

    private static StftParameters stft(int fftSize, int hop, int windowLength, Window window, boolean centered) {
        return new StftParameters(fftSize, hop, windowLength, window, centered, PadMode.CONSTANT);
    }

    /** Tones below 0.08 of the sampling rate, of any phase. */
    private static AudioSignal low() {
        SplittableRandom random = new SplittableRandom(3);
        float[] samples = new float[LENGTH];
        for (int tone = 0; tone < 12; tone++) {
            double frequency = 0.08 * random.nextDouble();
            double phase = 2 * Math.PI * random.nextDouble();
            for (int t = 0; t < LENGTH; t++) {
                samples[t] += (float) (0.1 * Math.sin(2 * Math.PI * frequency * t + phase));
            }
        }
        return AudioSignal.mono(samples, AudioSignal.UNKNOWN_RATE);
    }

    private static Problem problem(StftParameters stft, ComplexSpectrogram z) {
        float[] magnitude = Magnitudes.of(z).values(0);
        return new Problem(Kernels.best(), new Stft(stft), magnitude, 0, LENGTH, ReconstructionParameters.of(stft));
    }

    /**
     * Every factor-th sample of a signal that has no more, by the band's own transform, has the whole one's bins,
     * divided by the factor. Not of a boxcar: the spectrum of its edges goes on beyond every band. Not of a symmetric
     * window: every factor-th value of it is no window of its kind.
     */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BOXCAR", "HANN_SYMMETRIC"})
    void itsBinsAreTheFirstOfTheWhole(Window.Kind kind) {
        Window window = kind == Window.Kind.GAUSSIAN ? new Window(kind, 120) : new Window(kind, Window.DEFAULT);
        StftParameters stft = stft(1024, 128, 960, window, true);
        AudioSignal audio = low();
        Problem whole = problem(stft, new Stft(stft).forward(audio));
        Problem band = new LowBand(whole, 4, 1).problem();
        float[] samples = new float[LENGTH / 4];
        for (int t = 0; t < samples.length; t++) {
            samples[t] = audio.samples(0)[4 * t];
        }
        ComplexSpectrogram z = band.stft().forward(AudioSignal.mono(samples, AudioSignal.UNKNOWN_RATE));
        assertThat(band.frames()).isEqualTo(whole.frames()).isEqualTo(z.shape().frames());
        // The first and last frames see the signal break off, which no low-pass filter leaves as it is.
        for (int frame = 8; frame < whole.frames() - 8; frame++) {
            for (int bin = 0; bin < 100; bin++) {
                int i = frame * band.bins() + bin;
                assertThat(4 * Math.hypot(z.re(0)[i], z.im(0)[i]))
                        .isCloseTo(whole.magnitude()[frame * whole.bins() + bin], within(0.2));
                assertThat(band.magnitude()[i]).isEqualTo(whole.magnitude()[frame * whole.bins() + bin]);
            }
        }
    }

    @ParameterizedTest(name = "n_fft {0}, hop {1}, win_length {2}: up to 1/{3}")
    @CsvSource({
        "1024, 256, 1024, 16",
        "2048, 256, 2048, 32",
        "512, 128, 512, 8",
        "400, 160, 400, 4",
        "1200, 300, 1200, 4",
        "1024, 256, 800, 16",
        "1024, 200, 800, 8",
        "1024, 256, 1022, 1",
        "1023, 256, 1023, 1",
        "1024, 255, 1024, 1",
        "64, 16, 64, 1"
    })
    void thereIsOneWhereItsFramesAreThoseOfTheWhole(int fftSize, int hop, int windowLength, int least) {
        StftParameters stft = stft(fftSize, hop, windowLength, Window.HANN, true);
        for (int factor = 2; factor <= 64; factor *= 2) {
            assertThat(LowBand.exists(stft, factor)).as("1/" + factor).isEqualTo(factor <= least);
        }
    }

    @Test
    void aPhasePutInAndCutOutIsTheSameBelowTheFlank() {
        StftParameters stft = StftParameters.hann(1024, 256);
        LowBand band = new LowBand(problem(stft, new Stft(stft).forward(low())), 8, 1);
        float[] part = new float[band.problem().magnitude().length];
        for (int i = 0; i < part.length; i++) {
            part[i] = i + 1;
        }
        float[] phase = new float[stft.bins() * stft.frames(LENGTH)];
        band.put(part, phase);
        float[] back = band.cut(phase);
        int bins = band.problem().bins();
        for (int i = 0; i < back.length; i++) {
            assertThat(back[i]).isEqualTo(i % bins < (int) (0.9 * bins) ? part[i] : 0);
        }
    }
}
