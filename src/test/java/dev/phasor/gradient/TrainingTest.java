package dev.phasor.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Recordings;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the gradients are for: Adam from a random spectrogram to speech with digital silence in it. */
class TrainingTest {

    private static final int RATE = 16_000;

    /** The speech recording from 1 s on, silent from half a second to a second. */
    private static AudioSignal clip(int length) {
        float[] samples =
                Arrays.copyOfRange(Recordings.read(Recordings.speech()).samples(0), RATE, RATE + length);
        Arrays.fill(samples, RATE / 2, Math.min(RATE, length), 0);
        return AudioSignal.mono(samples, RATE);
    }

    @Test
    void fortyStepsLowerTheLoss() {
        assertThat(train(clip(12_000), 40)).isGreaterThan(2);
    }

    @Test
    @Tag("exhaustive")
    void threeHundredStepsOnTwoSecondsLowerTheLossAtLeastThreeTimes() {
        assertThat(train(clip(2 * RATE), 300)).isGreaterThan(3);
    }

    /** Adam with a cosine schedule; every step finite. Returns the first loss over the last. */
    private static double train(AudioSignal target, int steps) {
        var stft = new Stft(StftParameters.hann(1024, 256));
        var step = JavaStages.step(stft);
        var objective = new Objective.Target(target, JavaStages.loss(Loss.MULTI_RESOLUTION_STFT, stft));

        var shape = new SpectrogramShape(
                Shape.SCALAR, stft.parameters().bins(), stft.parameters().frames(target.length()));
        var random = new Random(0);
        var re = new Adam(random, shape.planeSize());
        var im = new Adam(random, shape.planeSize());
        double first = 0;
        double last = 0;
        for (int k = 0; k < steps; k++) {
            var z = new ComplexSpectrogram(shape, new float[][] {re.values()}, new float[][] {im.values()});
            Step<ComplexSpectrogram> made = step.from(z, null, objective);
            last = made.loss().orElseThrow();
            first = k == 0 ? last : first;
            assertThat(last).isFinite();
            double rate = 0.1 * (1 + Math.cos(Math.PI * k / steps)) / 2;
            re.descend(made.gradient().re(0), k, rate);
            im.descend(made.gradient().im(0), k, rate);
        }
        return first / last;
    }

    /** D. P. Kingma, J. Ba, "Adam", ICLR 2015, algorithm 1, on one plane that starts as white noise. */
    private static final class Adam {
        private final double[] x;
        private final double[] mean;
        private final double[] square;

        Adam(Random random, int size) {
            x = random.doubles(size).map(u -> random.nextGaussian()).toArray();
            mean = new double[size];
            square = new double[size];
        }

        float[] values() {
            float[] values = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                values[i] = (float) x[i];
            }
            return values;
        }

        void descend(float[] gradient, int step, double rate) {
            double meanBias = 1 - Math.pow(0.9, step + 1);
            double squareBias = 1 - Math.pow(0.999, step + 1);
            for (int i = 0; i < x.length; i++) {
                double g = gradient[i];
                if (!Double.isFinite(g)) {
                    throw new AssertionError("gradient " + g + " in step " + step);
                }
                mean[i] += 0.1 * (g - mean[i]);
                square[i] += 0.001 * (g * g - square[i]);
                x[i] -= rate * (mean[i] / meanBias) / (Math.sqrt(square[i] / squareBias) + 1e-8);
            }
        }
    }
}
