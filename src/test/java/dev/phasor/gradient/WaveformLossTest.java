package dev.phasor.gradient;

import static dev.phasor.gradient.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.phasor.Signals;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WaveformLossTest {

    private static final int LENGTH = 400;

    private static AudioSignal noise(long seed) {
        return scaled(Signals.noise(seed, LENGTH), 0.2f);
    }

    private static AudioSignal scaled(float[] samples, float factor) {
        float[] scaled = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            scaled[i] = factor * samples[i];
        }
        return AudioSignal.mono(scaled, 16_000);
    }

    private static LossGradient evaluate(Loss loss, AudioSignal y, AudioSignal target) {
        return JavaStages.loss(loss, new Stft(StftParameters.hann(64, 16))).evaluate(y, target);
    }

    @ParameterizedTest
    @EnumSource
    void atTheTargetLossAndGradientAreZero(Loss loss) {
        assertZeroAt(noise(1), loss);
    }

    @ParameterizedTest
    @EnumSource
    void silenceAgainstSilence(Loss loss) {
        assertZeroAt(AudioSignal.mono(new float[LENGTH], 16_000), loss);
    }

    private static void assertZeroAt(AudioSignal target, Loss loss) {
        LossGradient actual = evaluate(loss, target, target);
        assertThat(actual.value()).isZero();
        assertThat(actual.gradient().samples(0)).containsOnly(0f);
    }

    @ParameterizedTest
    @EnumSource
    void severalItemsGiveTheMeanOfEach(Loss loss) {
        AudioSignal[] y = {noise(1), noise(2)};
        AudioSignal[] t = {noise(3), noise(4)};
        LossGradient both = evaluate(loss, together(y), together(t));
        double mean = 0;
        for (int item = 0; item < 2; item++) {
            LossGradient one = evaluate(loss, y[item], t[item]);
            mean += one.value() / 2;
            assertClose(
                    both.gradient().samples(item),
                    scaled(one.gradient().samples(0), 0.5f).samples(0));
        }
        assertThat(both.value()).isCloseTo(mean, withinPercentage(1e-9));
    }

    private static AudioSignal together(AudioSignal... two) {
        return new AudioSignal(Shape.of(2), new float[][] {two[0].samples(0), two[1].samples(0)}, 16_000);
    }

    /** Ten times a target that no scale clamps is 1 further in each of the seven logarithms. */
    @Test
    void tenTimesTheTargetInMelsOfSevenScales() {
        AudioSignal target = scaled(noise(1).samples(0), 100);
        assertThat(evaluate(Loss.MULTI_SCALE_MEL, scaled(target.samples(0), 10), target)
                        .value())
                .isCloseTo(7, within(0.5)); // empty filters of small windows stay at the clamp
    }

    /**
     * y = 2 t: every magnitude is twice the target's, every phase the same. y = -t: the instantaneous phase is off by
     * pi everywhere; neighbors agree with neighbors.
     */
    @ParameterizedTest
    @CsvSource({
        "SPECTRAL_CONVERGENCE, 2, 1",
        "LOG_STFT, 2, 0.6931471805599453",
        "MULTI_RESOLUTION_STFT, 2, 1.6931471805599453",
        "PHASE, 2, 0",
        "PHASE, -1, 1.0471975511965976"
    })
    void aMultipleOfTheTarget(Loss loss, float factor, double expected) {
        AudioSignal target = noise(1);
        assertThat(evaluate(loss, scaled(target.samples(0), factor), target).value())
                .isCloseTo(expected, within(1e-6));
    }

    /** Quadratic in y: the central difference has no error but rounding's. */
    @Test
    void meanSquaredErrorAgainstACentralDifference() {
        AudioSignal y = noise(1);
        AudioSignal target = noise(2);
        float[] direction = noise(3).samples(0);
        double[] values = new double[2];
        for (int side = 0; side < 2; side++) {
            float[] moved = y.samples(0).clone();
            for (int i = 0; i < LENGTH; i++) {
                moved[i] += (side == 0 ? 1 : -1) * direction[i];
            }
            values[side] =
                    evaluate(Loss.MSE, AudioSignal.mono(moved, 16_000), target).value();
        }
        float[] gradient = evaluate(Loss.MSE, y, target).gradient().samples(0);
        assertThat(Signals.dot(gradient, direction)).isCloseTo((values[0] - values[1]) / 2, withinPercentage(1e-3));
    }

    @Test
    void aTargetOfAnotherLength() {
        var y = AudioSignal.mono(new float[10], 16_000);
        var target = AudioSignal.mono(new float[11], 16_000);
        assertThatThrownBy(() -> evaluate(Loss.MSE, y, target))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("target must have the waveform's shape [10], got [11]");
    }

    @Test
    void anUnknownName() {
        assertThatThrownBy(() -> Loss.parse("mae"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("loss must be one of mse, l1, spectral_convergence, log_stft, multi_resolution_stft, phase,"
                        + " mel, multi_scale_mel, got mae");
    }

    @ParameterizedTest
    @EnumSource
    void everyNameIsParsed(Loss loss) {
        assertThat(Loss.parse(loss.wireName())).isEqualTo(loss);
    }
}
