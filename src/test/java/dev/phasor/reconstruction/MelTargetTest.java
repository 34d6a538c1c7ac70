package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.mel.BandedCholesky;
import dev.phasor.mel.MelFilters;
import dev.phasor.mel.MelNorm;
import dev.phasor.mel.MelScale;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of 400 JTransforms computes one frame at a time, of 512 SIMD eight. */
class MelTargetTest {

    private static final int LENGTH = 4000;

    private final int mels = 40;

    private MelTarget target(int fftSize, int power, boolean floor, FrameLoop[] loop) {
        StftParameters stft = StftParameters.hann(fftSize, fftSize / 4);
        int frames = stft.frames(LENGTH);
        MelFilters filters = MelFilters.triangles(16000, fftSize, mels, 0, 8000, MelScale.SLANEY, MelNorm.NONE);
        Kernels kernels = Kernels.best();
        float[] magnitude = Signals.noise(1, frames * stft.bins());
        float[] values = new float[magnitude.length];
        for (int i = 0; i < magnitude.length; i++) {
            magnitude[i] = Math.min(1.9f, Math.abs(magnitude[i]) + 0.5f);
            values[i] = power == 1 ? magnitude[i] : magnitude[i] * magnitude[i];
        }
        magnitude[0] = 1.9f; // so that nothing is scaled
        values[0] = power == 1 ? 1.9f : 1.9f * 1.9f;
        float[] x = new float[frames * mels];
        for (int frame = 0; frame < frames; frame++) {
            filters.forward(values, frame * stft.bins(), x, frame * mels);
        }
        for (int i = 0; i < x.length && floor; i++) {
            x[i] = -1000;
        }
        Problem problem =
                new Problem(kernels, kernels.stft(stft), magnitude, 0, LENGTH, ReconstructionParameters.of(stft));
        float[] weights = MelTarget.weights(problem);
        loop[0] = problem.loop().weighted(weights);
        MelTarget target =
                new MelTarget(problem, loop[0], filters, new BandedCholesky(filters.gram()), power, x, weights);
        target.release();
        return target;
    }

    /** Some steps, since a magnitude that would be negative stays at 0, and Newton has the other power. */
    @ParameterizedTest
    @CsvSource({"400, 1, 8, 1e-6", "512, 1, 8, 1e-6", "400, 2, 6, 1e-6", "512, 2, 6, 1e-6"})
    void theNearestPointHasTheMels(int fftSize, int power, int steps, double left) {
        FrameLoop[] loop = new FrameLoop[1];
        MelTarget target = target(fftSize, power, false, loop);
        float[] re = Signals.noise(2, loop[0].tileSize());
        float[] im = Signals.noise(3, loop[0].tileSize());
        for (int i = 0; i < re.length; i++) {
            re[i] += Math.copySign(0.7f, re[i]);
        }
        double before = target.squaredError(0, re, im);
        for (int step = 0; step < steps; step++) {
            target.project(0, re, im);
        }
        assertThat(before).isGreaterThan(1);
        assertThat(target.squaredError(0, re, im)).isLessThan(left * before);
    }

    /** What is below a mel's floor is at its target already. */
    @ParameterizedTest
    @CsvSource({"400, 1", "512, 1", "400, 2", "512, 2"})
    void whatIsBelowTheFloorStays(int fftSize, int power) {
        FrameLoop[] loop = new FrameLoop[1];
        MelTarget target = target(fftSize, power, true, loop);
        float[] re = Signals.noise(2, loop[0].tileSize());
        float[] im = Signals.noise(3, re.length);
        float[] before = re.clone();
        assertThat(target.squaredError(0, re, im)).isZero();
        target.project(0, re, im);
        assertThat(Signals.distance(re, before)).isLessThan(1e-5 * Signals.norm(before));
        float[] silence = new float[re.length];
        target.project(0, silence, silence.clone());
        assertThat(Signals.norm(silence)).isZero();
    }

    /** The adjoint of the forward map, in the order of the tiles. */
    @ParameterizedTest
    @CsvSource({"400", "512"})
    void theTilesHaveTheirAdjoint(int fftSize) {
        FrameLoop[] loop = new FrameLoop[1];
        target(fftSize, 1, false, loop);
        MelFilters filters = MelFilters.triangles(16000, fftSize, mels, 0, 8000, MelScale.SLANEY, MelNorm.NONE);
        MelTiles tiles = new MelTiles(loop[0], filters);
        float[] a = Signals.noise(4, loop[0].tileSize());
        float[] c = Signals.noise(5, mels * FrameLoop.TILE_FRAMES);
        assertThat(Signals.dot(tiles.forward(a), c))
                .isCloseTo(Signals.dot(a, tiles.adjoint(c)), within(1e-4 * Signals.norm(a) * Signals.norm(c)));
        float[] one = new float[loop[0].tileSize()];
        Arrays.fill(one, 1);
        assertThat(tiles.forward(one)[0]).isCloseTo(sum(filters.weights(0)), within(1e-5f));
    }

    private static float sum(float[] values) {
        float sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
