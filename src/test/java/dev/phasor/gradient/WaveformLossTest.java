package dev.phasor.gradient;

import static dev.phasor.gradient.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.phase.PhaseKernels;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WaveformLossTest {

    private static final int LENGTH = 400;

    private final Random random = new Random(5);

    private static WaveformLoss loss(Loss loss) {
        var stft = new Stft(StftParameters.hann(64, 16));
        return WaveformLoss.of(
                loss, stft, new Phase(PhaseKernels.java()), GradientPolicy.CLAMPED, Floor.relative(1e-6));
    }

    private float[] noise() {
        float[] samples = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            samples[i] = (float) (0.2 * random.nextGaussian());
        }
        return samples;
    }

    @ParameterizedTest
    @EnumSource
    void atTheTargetLossAndGradientAreZero(Loss loss) {
        var audio = AudioSignal.mono(noise(), 16_000);
        LossGradient actual = loss(loss).evaluate(audio, audio);
        assertThat(actual.value()).isZero();
        assertThat(actual.gradient().samples(0)).containsOnly(0f);
    }

    @ParameterizedTest
    @EnumSource
    void silenceAgainstSilence(Loss loss) {
        var silence = AudioSignal.mono(new float[LENGTH], 16_000);
        LossGradient actual = loss(loss).evaluate(silence, silence);
        assertThat(actual.value()).isZero();
        assertThat(actual.gradient().samples(0)).containsOnly(0f);
    }

    @ParameterizedTest
    @EnumSource
    void severalItemsGiveTheMeanOfEach(Loss loss) {
        float[][] y = {noise(), noise()};
        float[][] t = {noise(), noise()};
        LossGradient both =
                loss(loss).evaluate(new AudioSignal(Shape.of(2), y, 16_000), new AudioSignal(Shape.of(2), t, 16_000));
        double mean = 0;
        for (int item = 0; item < 2; item++) {
            LossGradient one =
                    loss(loss).evaluate(AudioSignal.mono(y[item], 16_000), AudioSignal.mono(t[item], 16_000));
            mean += one.value() / 2;
            float[] half = one.gradient().samples(0).clone();
            for (int i = 0; i < LENGTH; i++) {
                half[i] /= 2;
            }
            assertClose(both.gradient().samples(item), half);
        }
        assertThat(both.value()).isCloseTo(mean, withinPercentage(1e-9));
    }

    /** y = 2 t: every magnitude is twice the target's, every phase the same. */
    @ParameterizedTest
    @CsvSource({
        "SPECTRAL_CONVERGENCE, 1",
        "LOG_STFT, 0.6931471805599453",
        "MULTI_RESOLUTION_STFT, 1.6931471805599453",
        "PHASE, 0"
    })
    void twiceTheTarget(Loss loss, double expected) {
        float[] target = noise();
        float[] twice = target.clone();
        for (int i = 0; i < LENGTH; i++) {
            twice[i] *= 2;
        }
        double actual = loss(loss)
                .evaluate(AudioSignal.mono(twice, 16_000), AudioSignal.mono(target, 16_000))
                .value();
        assertThat(actual).isCloseTo(expected, within(1e-6));
    }

    /** The instantaneous phase is off by pi everywhere; neighbors agree with neighbors. */
    @Test
    void theInvertedTargetIsAThirdOfPiAway() {
        float[] target = noise();
        float[] inverted = target.clone();
        for (int i = 0; i < LENGTH; i++) {
            inverted[i] *= -1;
        }
        double actual = loss(Loss.PHASE)
                .evaluate(AudioSignal.mono(inverted, 16_000), AudioSignal.mono(target, 16_000))
                .value();
        assertThat(actual).isCloseTo(Math.PI / 3, within(1e-6));
    }

    /** Quadratic in y: the central difference has no error but rounding's. */
    @Test
    void meanSquaredErrorAgainstACentralDifference() {
        float[] y = noise();
        float[] target = noise();
        float[] direction = noise();
        double[] values = new double[2];
        for (int side = 0; side < 2; side++) {
            float[] moved = y.clone();
            for (int i = 0; i < LENGTH; i++) {
                moved[i] += (side == 0 ? 1 : -1) * direction[i];
            }
            values[side] = loss(Loss.MSE)
                    .evaluate(AudioSignal.mono(moved, 16_000), AudioSignal.mono(target, 16_000))
                    .value();
        }
        float[] gradient = loss(Loss.MSE)
                .evaluate(AudioSignal.mono(y, 16_000), AudioSignal.mono(target, 16_000))
                .gradient()
                .samples(0);
        double analytic = 0;
        for (int i = 0; i < LENGTH; i++) {
            analytic += (double) gradient[i] * direction[i];
        }
        assertThat(analytic).isCloseTo((values[0] - values[1]) / 2, withinPercentage(1e-3));
    }

    @Test
    void aTargetOfAnotherLength() {
        var y = AudioSignal.mono(new float[10], 16_000);
        var target = AudioSignal.mono(new float[11], 16_000);
        assertThatThrownBy(() -> loss(Loss.MSE).evaluate(y, target))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("target must have the waveform's shape [10], got [11]");
    }

    @Test
    void anUnknownName() {
        assertThatThrownBy(() -> Loss.parse("mae"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("loss must be one of mse, l1, spectral_convergence, log_stft, multi_resolution_stft, phase,"
                        + " got mae");
    }

    @ParameterizedTest
    @EnumSource
    void everyNameIsParsed(Loss loss) {
        assertThat(Loss.parse(loss.wireName())).isEqualTo(loss);
    }
}
