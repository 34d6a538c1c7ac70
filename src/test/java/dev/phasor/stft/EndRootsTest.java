package dev.phasor.stft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What frames see of the first and last samples. */
class EndRootsTest {

    private static StftParameters stft(int fftSize, int hop, Framing framing) {
        return new StftParameters(fftSize, hop, fftSize, Window.HANN, framing, PadMode.CONSTANT);
    }

    private static float[] roots(StftParameters stft, int frames, int length) {
        float[] ones = new float[length];
        Arrays.fill(ones, 1);
        new Stft(stft).frameLoop(frames, length).roots().multiply(ones);
        return ones;
    }

    /**
     * Also of so few frames that the first samples' overlap is the last samples', and of samples behind the last frame.
     */
    @ParameterizedTest
    @CsvSource({
        "64, 16, 20, 368",
        "64, 16, 20, 400",
        "64, 16, 20, 300",
        "64, 8, 3, 80",
        "64, 16, 1, 64",
        "63, 20, 9, 223"
    })
    void areTheRootsOfTheSquaredWindowsThatOverlapThere(int fftSize, int hop, int frames, int length) {
        double[] sums = new double[length];
        for (int m = 0; m < frames; m++) {
            for (int n = 0; n < fftSize && m * hop + n < length; n++) {
                sums[m * hop + n] += Math.pow(Math.sin(Math.PI * n / fftSize), 4);
            }
        }
        double largest = Arrays.stream(sums).max().orElseThrow();
        float[] roots = roots(stft(fftSize, hop, Framing.NONE), frames, length);
        int end = (frames - 1) * hop + fftSize;

        for (int t = 0; t < length; t++) {
            boolean inner = t >= fftSize - 1 && t < frames * hop || t >= end;
            // A weight that is nearly 0 is raised: Overlap.LEAST_OF_ENDS.
            double expected = Math.max(1e-6, sums[t]) / largest;
            assertThat((double) roots[t]).as("sample %d", t).isCloseTo(inner ? 1 : Math.sqrt(expected), within(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Framing.class,
            names = {"CENTER", "SAME"})
    void paddedFramesHaveNone(Framing framing) {
        assertThat(roots(stft(64, 16, framing), 20, 300)).containsOnly(1);
    }

    @ParameterizedTest
    @CsvSource({"64, 16, 20, 368", "64, 16, 20, 500"})
    void dividingTakesThemBack(int fftSize, int hop, int frames, int length) {
        float[] noise = Signals.noise(1, length);
        float[] there = noise.clone();
        EndRoots roots = new Stft(stft(fftSize, hop, Framing.NONE))
                .frameLoop(frames, length)
                .roots();
        roots.multiply(there);
        roots.divide(there);

        for (int t = 0; t < length; t++) {
            assertThat(there[t]).isCloseTo(noise[t], within(1e-6f * Math.abs(noise[t])));
        }
    }
}
