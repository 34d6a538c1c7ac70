package dev.phasor.gradient;

import static dev.phasor.gradient.Closeness.RELATIVE;
import static dev.phasor.gradient.Closeness.assertClose;
import static dev.phasor.gradient.GoldenGradients.audio;
import static dev.phasor.gradient.GoldenGradients.magnitude;
import static dev.phasor.gradient.GoldenGradients.number;
import static dev.phasor.gradient.GoldenGradients.real;
import static dev.phasor.gradient.GoldenGradients.spectrogram;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.Objects;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every loss and every input against float64 autograd, which was itself checked by central differences. */
class TrainingStepTest {

    private static final Percentage CLOSE = withinPercentage(100 * RELATIVE);

    private record Case(String name, Stft stft) {}

    private static Case caseOf(Loss loss) {
        return loss == Loss.MULTI_RESOLUTION_STFT || loss == Loss.MULTI_SCALE_MEL
                ? new Case("multi/", new Stft(StftParameters.hann(64, 32)))
                : new Case("small/", new Stft(new StftParameters(16, 4, 12, Window.HANN, true, PadMode.CONSTANT)));
    }

    private static Objective objective(Loss loss, Case c) {
        return new Objective.Target(audio(c.name + "target"), JavaStages.loss(loss, c.stft));
    }

    private static String golden(Case c, Loss loss, String input) {
        return c.name + loss.wireName() + "/" + input + "/";
    }

    private static void assertLossAndMagnitudeGradient(Step<?> actual, String golden) {
        assertThat(actual.loss().orElseThrow()).isCloseTo(number(golden + "loss"), CLOSE);
        assertClose(Objects.requireNonNull(actual.magnitudeGradient()), real(golden + "magnitude_gradient"));
    }

    @ParameterizedTest
    @EnumSource
    void gradientOfTheWaveformItself(Loss loss) {
        Case c = caseOf(loss);
        LossGradient actual = JavaStages.loss(loss, c.stft).evaluate(audio(c.name + "x"), audio(c.name + "target"));
        String golden = golden(c, loss, "audio");
        assertThat(actual.value()).isCloseTo(number(golden + "loss"), CLOSE);
        assertClose(actual.gradient(), audio(golden + "gradient"));
        assertThat(actual.saturated()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void gradientOfASpectrogram(Loss loss) {
        Case c = caseOf(loss);
        var actual = JavaStages.step(c.stft).from(spectrogram(c.name + "z"), null, objective(loss, c));
        String golden = golden(c, loss, "plain");
        assertThat(actual.loss().orElseThrow()).isCloseTo(number(golden + "loss"), CLOSE);
        assertClose(actual.gradient(), spectrogram(golden + "gradient"));
        assertThat(actual.magnitudeGradient()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void gradientOfASpectrogramsPhaseAndOfAMagnitude(Loss loss) {
        Case c = caseOf(loss);
        var actual =
                JavaStages.step(c.stft).from(spectrogram(c.name + "z"), magnitude(c.name + "m"), objective(loss, c));
        String golden = golden(c, loss, "given");
        assertClose(actual.gradient(), spectrogram(golden + "gradient"));
        assertLossAndMagnitudeGradient(actual, golden);
    }

    @ParameterizedTest
    @EnumSource
    void gradientOfAWaveformsPhaseAndOfAMagnitude(Loss loss) {
        Case c = caseOf(loss);
        var actual = JavaStages.step(c.stft).from(audio(c.name + "x"), magnitude(c.name + "m"), objective(loss, c));
        String golden = golden(c, loss, "waveform");
        assertClose(actual.gradient(), audio(golden + "gradient"));
        assertLossAndMagnitudeGradient(actual, golden);
    }

    @ParameterizedTest
    @EnumSource
    void aWaveformThroughItsOwnStftHasTheLossesOwnGradient(Loss loss) {
        Case c = caseOf(loss);
        var actual = JavaStages.step(c.stft).from(audio(c.name + "x"), null, objective(loss, c));
        assertClose(actual.audio(), audio(c.name + "x"));
        assertClose(actual.gradient(), audio(golden(c, loss, "audio") + "gradient"));
    }
}
