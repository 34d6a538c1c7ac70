package dev.phasor.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.mel.MelGuard;
import dev.phasor.mel.MelLog;
import dev.phasor.mel.MelStatistics;
import dev.phasor.mel.MelValue;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import org.junit.jupiter.api.Test;

/** What golden gradients of the presets do not show: {@code MelVjpTest} has those. */
class MelTransformTest {

    private static final double INF = JavaStages.INF;
    private static final int LENGTH = 200;
    private static final Stft STFT = new Stft(StftParameters.hann(32, 8));
    private static final MelValue PLAIN = new MelValue(2, 0, 0, MelLog.NONE, MelGuard.CLAMP, 0, INF, 1, 0, INF);

    private static RealSpectrogram cotangent(int mels, int frames) {
        var shape = new SpectrogramShape(Shape.SCALAR, mels, frames);
        return new RealSpectrogram(shape, new float[][] {Signals.noise(3, shape.planeSize())});
    }

    private static float[] values(MelTransform mel, float[] x) {
        float[] values = new float[mel.frames(x.length) * mel.filters().mels()];
        mel.forward(x, values);
        mel.apply(values);
        return values;
    }

    /**
     * Powers are quadratic in the audio, and the rest is linear: the central difference has no error but rounding's.
     */
    @Test
    void statisticsEmphasisAndADroppedFrameAgainstACentralDifference() {
        var statistics = new MelStatistics(new float[] {1, 2, 3, 4}, new float[] {0.5f, 2, 1, 3});
        var mel = new MelTransform(STFT, JavaStages.mel(STFT, PLAIN).filters(), PLAIN, statistics, 0.9, true);
        float[] x = Signals.noise(1, LENGTH);
        float[] direction = Signals.noise(2, LENGTH);
        RealSpectrogram cotangent = cotangent(4, mel.frames(LENGTH));
        double[] sides = new double[2];
        for (int side = 0; side < 2; side++) {
            float[] moved = x.clone();
            for (int i = 0; i < LENGTH; i++) {
                moved[i] += (side == 0 ? 1 : -1) * direction[i];
            }
            sides[side] = Signals.dot(values(mel, moved), cotangent.values(0));
        }
        float[] gradient =
                mel.vjp(AudioSignal.mono(x, 16_000), cotangent).audio().samples(0);
        double expected = (sides[0] - sides[1]) / 2;
        assertThat(Signals.dot(gradient, direction)).isCloseTo(expected, within(1e-5 * Math.abs(expected)));
    }

    /** A floor, a clip and a range pass nothing on but to the largest. */
    @Test
    void whatIsClampedHasNoGradient() {
        MelValue floored = new MelValue(1, 0, 0, MelLog.LN, MelGuard.CLAMP, 1e6, INF, 1, 0, INF);
        MelValue clipped = new MelValue(1, 0, 0, MelLog.LN, MelGuard.CLAMP, 1e-9, INF, 1, 100, 1);
        for (MelValue value : new MelValue[] {floored, clipped}) {
            MelTransform mel = JavaStages.mel(STFT, value);
            var back = mel.vjp(AudioSignal.mono(Signals.noise(1, LENGTH), 16_000), cotangent(4, mel.frames(LENGTH)));
            assertThat(back.audio().samples(0)).containsOnly(0f);
            assertThat(back.saturated()).isZero();
        }
    }

    /** With a range of 0 all values are the largest, and so is what all cotangents move. */
    @Test
    void aRangePassesItsCotangentsToTheLargest() {
        MelValue flat = new MelValue(1, 0, 0, MelLog.LN, MelGuard.CLAMP, 1e-9, 0, 1, 0, INF);
        float[] mels = {1, 4, 2, 3};
        double[] cotangent = {1, 2, 3, 4};
        flat.pullBack(mels, cotangent);
        assertThat(cotangent).containsExactly(0, 10 / 4.0, 0, 0);
    }
}
