package dev.phasor.gradient;

import static dev.phasor.gradient.Closeness.assertClose;
import static dev.phasor.gradient.GoldenGradients.audio;
import static dev.phasor.gradient.GoldenGradients.magnitude;
import static dev.phasor.gradient.GoldenGradients.real;
import static dev.phasor.gradient.GoldenGradients.spectrogram;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutputStageTest {

    private final Stft stft = new Stft(StftParameters.hann(16, 4));
    private final ComplexSpectrogram z = spectrogram("policy/z");
    private final MagnitudeSpectrogram m = magnitude("policy/m");
    private final AudioSignal cotangent = audio("policy/cotangent");

    private OutputStage stage(GradientPolicy policy) {
        return JavaStages.output(stft, policy, Floor.relative(1e-3));
    }

    @ParameterizedTest
    @EnumSource
    void everyPolicyAtZeroUnderflowingAndSmallBins(GradientPolicy policy) {
        StageGradient actual = stage(policy).vjp(z, m, cotangent);
        String golden = "policy/" + policy.name().toLowerCase(Locale.ROOT) + "/";
        assertClose(actual.spectrogram(), spectrogram(golden + "gradient"));
        assertClose(Objects.requireNonNull(actual.magnitude()), real(golden + "magnitude_gradient"));
        assertThat(actual.saturated()).isZero();
        // three zeros and three below the floor, one of them so small that its square underflows
        assertThat(actual.singularBins()).isEqualTo(6);
    }

    @Test
    void aZeroBinSoundsWithPhaseZero() {
        assertClose(stage(GradientPolicy.CLAMPED).forward(z, m, 20, 16_000), audio("policy/audio"));
    }

    @Test
    void withoutAMagnitudeTheRecombinationIsTheIdentity() {
        var stage = stage(GradientPolicy.CLAMPED);
        assertClose(stage.forward(z, null, 20, 16_000), stft.inverse(z, 20, 16_000));
        StageGradient actual = stage.vjp(z, null, cotangent);
        assertClose(actual.spectrogram(), stft.inverseVjp(cotangent, 6));
        assertThat(actual.magnitude()).isNull();
        assertThat(actual.singularBins()).isZero();
    }

    @Test
    void theMagnitudesGradientIsTheAdjointOfAMapThatIsLinearInIt() {
        var stage = stage(GradientPolicy.CLAMPED);
        AudioSignal audio = stage.forward(z, m, 20, 16_000);
        var gradient = Objects.requireNonNull(stage.vjp(z, m, cotangent).magnitude());
        double left = Signals.dot(audio.samples(0), cotangent.samples(0));
        double right = Signals.dot(m.values(0), gradient.values(0));
        assertThat(right).isCloseTo(left, within(1e-5));
    }

    @Test
    void magnitudeOfAnotherShape() {
        var shape = new SpectrogramShape(Shape.of(1), 9, 5);
        var other = new MagnitudeSpectrogram(shape, shape.newPlanes());
        assertThatThrownBy(() -> stage(GradientPolicy.CLAMPED).forward(z, other, 20, 16_000))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("magnitude must have the spectrogram's shape [1, 9, 6], got [1, 9, 5]");
    }
}
