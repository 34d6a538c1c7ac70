package dev.phasor.gradient;

import static dev.phasor.gradient.Closeness.RELATIVE;
import static dev.phasor.gradient.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.phase.PhaseKernels;
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

    private final Phase phase = new Phase(PhaseKernels.java());

    private record Case(String name, Stft stft) {}

    private static Case caseOf(Loss loss) {
        return loss == Loss.MULTI_RESOLUTION_STFT
                ? new Case("multi/", new Stft(StftParameters.hann(64, 32)))
                : new Case("small/", new Stft(new StftParameters(16, 4, 12, Window.HANN, true, PadMode.CONSTANT)));
    }

    private WaveformLoss waveformLoss(Loss loss, Stft stft) {
        return WaveformLoss.of(loss, stft, phase, GradientPolicy.CLAMPED, Floor.relative(1e-6));
    }

    private TrainingStep step(Stft stft) {
        return new TrainingStep(new OutputStage(stft, phase, GradientPolicy.CLAMPED, Floor.relative(1e-6)));
    }

    private Objective objective(Loss loss, Case c) {
        return new Objective.Target(GoldenGradients.audio(c.name + "target"), waveformLoss(loss, c.stft));
    }

    private static String golden(Case c, Loss loss, String input) {
        return c.name + loss.wireName() + "/" + input + "/";
    }

    @ParameterizedTest
    @EnumSource
    void gradientOfTheWaveformItself(Loss loss) {
        Case c = caseOf(loss);
        LossGradient actual = waveformLoss(loss, c.stft)
                .evaluate(GoldenGradients.audio(c.name + "x"), GoldenGradients.audio(c.name + "target"));
        String golden = golden(c, loss, "audio");
        assertThat(actual.value()).isCloseTo(GoldenGradients.number(golden + "loss"), CLOSE);
        assertClose(actual.gradient(), GoldenGradients.audio(golden + "gradient"));
        assertThat(actual.saturated()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void gradientOfASpectrogram(Loss loss) {
        Case c = caseOf(loss);
        var actual = step(c.stft).from(GoldenGradients.spectrogram(c.name + "z"), null, objective(loss, c));
        String golden = golden(c, loss, "plain");
        assertThat(actual.loss().orElseThrow()).isCloseTo(GoldenGradients.number(golden + "loss"), CLOSE);
        assertClose(actual.gradient(), GoldenGradients.spectrogram(golden + "gradient"));
        assertThat(actual.magnitudeGradient()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void gradientOfASpectrogramsPhaseAndOfAMagnitude(Loss loss) {
        Case c = caseOf(loss);
        var actual = step(c.stft)
                .from(
                        GoldenGradients.spectrogram(c.name + "z"),
                        GoldenGradients.magnitude(c.name + "m"),
                        objective(loss, c));
        String golden = golden(c, loss, "given");
        assertThat(actual.loss().orElseThrow()).isCloseTo(GoldenGradients.number(golden + "loss"), CLOSE);
        assertClose(actual.gradient(), GoldenGradients.spectrogram(golden + "gradient"));
        assertClose(
                Objects.requireNonNull(actual.magnitudeGradient()),
                GoldenGradients.real(golden + "magnitude_gradient"));
    }

    @ParameterizedTest
    @EnumSource
    void gradientOfAWaveformsPhaseAndOfAMagnitude(Loss loss) {
        Case c = caseOf(loss);
        var actual = step(c.stft)
                .from(GoldenGradients.audio(c.name + "x"), GoldenGradients.magnitude(c.name + "m"), objective(loss, c));
        String golden = golden(c, loss, "waveform");
        assertThat(actual.loss().orElseThrow()).isCloseTo(GoldenGradients.number(golden + "loss"), CLOSE);
        assertClose(actual.gradient(), GoldenGradients.audio(golden + "gradient"));
        assertClose(
                Objects.requireNonNull(actual.magnitudeGradient()),
                GoldenGradients.real(golden + "magnitude_gradient"));
    }

    @ParameterizedTest
    @EnumSource
    void aWaveformThroughItsOwnStftHasTheLossesOwnGradient(Loss loss) {
        Case c = caseOf(loss);
        var actual = step(c.stft).from(GoldenGradients.audio(c.name + "x"), null, objective(loss, c));
        assertClose(actual.audio(), GoldenGradients.audio(c.name + "x"));
        assertClose(actual.gradient(), GoldenGradients.audio(golden(c, loss, "audio") + "gradient"));
    }
}
