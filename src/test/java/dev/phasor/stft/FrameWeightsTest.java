package dev.phasor.stft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Signals;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The weighted inverse of {@link FrameLoop}. Of 1000 JTransforms computes one frame at a time, of 1024 SIMD eight. */
class FrameWeightsTest {

    private static final int LENGTH = 9000;

    private static FrameLoop loop(int fftSize) {
        StftParameters stft = StftParameters.hann(fftSize, fftSize / 4);
        return new Stft(stft).frameLoop(stft.frames(LENGTH), LENGTH);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1024})
    void equalWeightsAreNone(int fftSize) {
        FrameLoop loop = loop(fftSize);
        float[] equal = new float[loop.frames()];
        Arrays.fill(equal, 3);
        float[] unweighted = inverse(loop, 1);
        assertThat(Signals.distance(inverse(loop.weighted(equal), 1), unweighted))
                .isLessThan(1e-6 * Signals.norm(unweighted));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1024})
    void framesOfASignalAreTheSignalByAnyWeights(int fftSize) {
        FrameLoop loop = loop(fftSize);
        float[] weights = new float[loop.frames()];
        for (int m = 0; m < weights.length; m++) {
            weights[m] = (float) Math.pow(10, m % 7 - 3);
        }
        float[] x = Signals.noise(2, LENGTH);
        float[] y = new float[LENGTH];
        loop.weighted(weights).resynthesize(x, (tile, re, im) -> {}, y);
        assertThat(Signals.distance(x, y)).isLessThan(1e-6 * Signals.norm(x));
    }

    /** Where every second frame says 0 and weighs 10^6 times as much, the sound is 0. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 1024})
    void aHeavyFrameHasItsWay(int fftSize) {
        FrameLoop loop = loop(fftSize);
        float[] weights = new float[loop.frames()];
        for (int m = 0; m < weights.length; m++) {
            weights[m] = m % 2 == 0 ? 1e6f : 1;
        }
        float[] x = Signals.noise(3, LENGTH);
        float[] y = new float[LENGTH];
        loop.weighted(weights)
                .resynthesize(
                        x,
                        (tile, re, im) -> {
                            for (int i = 0; i < FrameLoop.TILE_FRAMES; i += 2) {
                                for (int k = 0; k < fftSize / 2 + 1; k++) {
                                    re[loop.place(i, k)] = 0;
                                    im[loop.place(i, k)] = 0;
                                }
                            }
                        },
                        y);
        assertThat(Signals.norm(y)).isLessThan(1e-3 * Signals.norm(x));
    }

    private static float[] inverse(FrameLoop loop, long seed) {
        float[] out = new float[LENGTH];
        loop.synthesize(
                (tile, re, im) -> {
                    System.arraycopy(Signals.noise(seed + 2L * tile, re.length), 0, re, 0, re.length);
                    System.arraycopy(Signals.noise(seed + 2L * tile + 1, im.length), 0, im, 0, im.length);
                },
                out);
        return out;
    }
}
