package dev.phasor.gradient;

import static dev.phasor.gradient.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.phase.PhaseKernels;
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
    private final ComplexSpectrogram z = GoldenGradients.spectrogram("policy/z");
    private final MagnitudeSpectrogram m = GoldenGradients.magnitude("policy/m");
    private final AudioSignal cotangent = GoldenGradients.audio("policy/cotangent");

    private OutputStage stage(GradientPolicy policy, double floor) {
        return new OutputStage(stft, new Phase(PhaseKernels.java()), policy, Floor.relative(floor));
    }

    @ParameterizedTest
    @EnumSource
    void everyPolicyAtZeroUnderflowingAndSmallBins(GradientPolicy policy) {
        StageGradient actual = stage(policy, 1e-3).vjp(z, m, cotangent);
        String golden = "policy/" + policy.name().toLowerCase(Locale.ROOT) + "/";
        assertClose(actual.spectrogram(), GoldenGradients.spectrogram(golden + "gradient"));
        assertClose(Objects.requireNonNull(actual.magnitude()), GoldenGradients.real(golden + "magnitude_gradient"));
        assertThat(actual.saturated()).isZero();
        // three zeros and three below the floor, one of them so small that its square underflows
        assertThat(actual.singularBins()).isEqualTo(6);
    }

    @Test
    void aZeroBinSoundsWithPhaseZero() {
        assertClose(
                stage(GradientPolicy.CLAMPED, 1e-3).forward(z, m, 20, 16_000), GoldenGradients.audio("policy/audio"));
    }

    @Test
    void withoutAMagnitudeTheRecombinationIsTheIdentity() {
        var stage = stage(GradientPolicy.CLAMPED, 1e-3);
        assertClose(stage.forward(z, null, 20, 16_000), stft.inverse(z, 20, 16_000));
        StageGradient actual = stage.vjp(z, null, cotangent);
        assertClose(actual.spectrogram(), stft.inverseVjp(cotangent, 6));
        assertThat(actual.magnitude()).isNull();
        assertThat(actual.singularBins()).isZero();
    }

    @Test
    void theMagnitudesGradientIsTheAdjointOfAMapThatIsLinearInIt() {
        var stage = stage(GradientPolicy.CLAMPED, 1e-3);
        AudioSignal audio = stage.forward(z, m, 20, 16_000);
        var gradient = Objects.requireNonNull(stage.vjp(z, m, cotangent).magnitude());
        double left = dot(audio.samples(0), cotangent.samples(0));
        double right = dot(m.values(0), gradient.values(0));
        assertThat(right).isCloseTo(left, org.assertj.core.data.Offset.offset(1e-5));
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @Test
    void magnitudeOfAnotherShape() {
        var shape = new SpectrogramShape(Shape.of(1), 9, 5);
        var other = new MagnitudeSpectrogram(shape, shape.newPlanes());
        assertThatThrownBy(() -> stage(GradientPolicy.CLAMPED, 1e-3).forward(z, other, 20, 16_000))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("magnitude must have the spectrogram's shape [1, 9, 6], got [1, 9, 5]");
    }
}
