package dev.phasor.gradient;

import static dev.phasor.Signals.assertFinite;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.mel.MelGuard;
import dev.phasor.mel.MelLog;
import dev.phasor.mel.MelValue;
import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever finite values come in, only finite values go out, under each policy and each loss. */
class AlwaysFiniteTest {

    private static final int FRAMES = 9;
    private static final int LENGTH = 96;

    private final Stft centered = new Stft(StftParameters.hann(32, 8));

    /** Its first samples have little window overlap: there the inverse's gain is largest. */
    private final Stft steep = new Stft(
            new StftParameters(32, 8, 32, new Window(Window.Kind.HAMMING, Window.DEFAULT), false, PadMode.CONSTANT));

    /** From zero over the subnormals and the squares' under- and overflow to the end of float32. */
    static final float[] SCALES = {0, Float.MIN_VALUE, 1e-38f, 1e-20f, 1e-7f, 1, 1e19f, 1e30f, Float.MAX_VALUE};

    /** Only the phase loss knows of policies. */
    static Stream<Arguments> lossesAndPolicies() {
        return Stream.concat(
                Stream.of(Loss.values()).map(loss -> Arguments.of(loss, GradientPolicy.CLAMPED)),
                policies().map(policy -> Arguments.of(Loss.PHASE, policy)));
    }

    static Stream<GradientPolicy> policies() {
        return Stream.of(GradientPolicy.values());
    }

    private static float[] plane(Random random, int size, float scale) {
        float[] plane = new float[size];
        for (int i = 0; i < size; i++) {
            // a run of exact zeros: digital silence
            plane[i] = i < size / 3 ? 0 : scale * (2 * random.nextFloat() - 1);
        }
        return plane;
    }

    private static AudioSignal audio(Random random, float scale) {
        return AudioSignal.mono(plane(random, LENGTH, scale), 16_000);
    }

    private static ComplexSpectrogram spectrogram(Random random, Stft stft, int frames, float scale) {
        var shape = new SpectrogramShape(Shape.SCALAR, stft.parameters().bins(), frames);
        int size = shape.planeSize();
        return new ComplexSpectrogram(
                shape, new float[][] {plane(random, size, scale)}, new float[][] {plane(random, size, scale)});
    }

    private static MagnitudeSpectrogram magnitude(SpectrogramShape shape, float scale) {
        float[][] planes = shape.newPlanes();
        for (float[] plane : planes) {
            Arrays.fill(plane, scale);
        }
        return new MagnitudeSpectrogram(shape, planes);
    }

    @ParameterizedTest
    @MethodSource("lossesAndPolicies")
    void losses(Loss loss, GradientPolicy policy) {
        var random = new Random(1);
        var waveformLoss = JavaStages.loss(loss, centered, policy);
        for (float scale : SCALES) {
            for (float targetScale : SCALES) {
                LossGradient actual = waveformLoss.evaluate(audio(random, scale), audio(random, targetScale));
                assertThat(actual.value())
                        .as("%s against %s", scale, targetScale)
                        .isFinite();
                assertFinite(actual.gradient().samples(0));
            }
        }
    }

    /** No floor, a floor, an offset, a range, a clip; of amplitudes and of powers. */
    static Stream<MelValue> melValues() {
        double inf = JavaStages.INF;
        return Stream.of(1, 2)
                .flatMap(power -> Stream.of(
                        new MelValue(power, 0, 0, MelLog.NONE, MelGuard.CLAMP, 0, inf, 1, 0, inf),
                        new MelValue(power, 0, 0, MelLog.LN, MelGuard.CLAMP, 0, inf, 1, 0, inf),
                        new MelValue(power, 0, 0, MelLog.LN, MelGuard.ADD, 0, inf, 1, 0, inf),
                        new MelValue(power, 1e-10, 0, MelLog.LOG10, MelGuard.CLAMP, 1e-10, 8, 0.25, 1, inf),
                        new MelValue(power, 0, 1e-9, MelLog.DB, MelGuard.ADD, 1e-5, 0, 0.08, 2.4, 4)));
    }

    @ParameterizedTest
    @MethodSource("melValues")
    void mels(MelValue value) {
        var random = new Random(4);
        MelTransform mel = JavaStages.mel(centered, value);
        WaveformLoss loss = WaveformLoss.mel(mel);
        for (float scale : SCALES) {
            for (float other : SCALES) {
                AudioSignal x = audio(random, scale);
                LossGradient actual = loss.evaluate(x, audio(random, other));
                assertThat(actual.value()).as("%s against %s", scale, other).isFinite();
                assertFinite(actual.gradient().samples(0));
                var shape = new SpectrogramShape(Shape.SCALAR, 4, mel.frames(LENGTH));
                var cotangent = new RealSpectrogram(shape, new float[][] {plane(random, shape.planeSize(), other)});
                assertFinite(mel.vjp(x, cotangent).audio().samples(0));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void outputStage(GradientPolicy policy) {
        for (Stft each : new Stft[] {centered, steep}) {
            var step = JavaStages.step(each, policy, JavaStages.FLOOR);
            var random = new Random(2);
            int frames = each.parameters().frames(LENGTH);
            for (float scale : SCALES) {
                var z = spectrogram(random, each, frames, scale);
                for (float magnitudeScale : SCALES) {
                    var m = magnitude(z.shape(), magnitudeScale);
                    for (float cotangentScale : SCALES) {
                        var upstream = new Objective.Cotangent(audio(random, cotangentScale));
                        var actual = step.from(z, m, upstream);
                        assertFinite(actual.audio().samples(0));
                        assertFinite(actual.gradient().re(0));
                        assertFinite(actual.gradient().im(0));
                        assertFinite(Objects.requireNonNull(actual.magnitudeGradient())
                                .values(0));
                        assertFinite(step.from(audio(random, scale), m, upstream)
                                .gradient()
                                .samples(0));
                    }
                }
            }
        }
    }

    /** Of a spectrogram and a cotangent of these scales. */
    private Step<ComplexSpectrogram> step(Floor floor, float scale, float cotangentScale) {
        var random = new Random(3);
        var z = spectrogram(random, centered, FRAMES, scale);
        return JavaStages.step(centered, GradientPolicy.CLAMPED, floor)
                .from(z, magnitude(z.shape(), 1), new Objective.Cotangent(audio(random, cotangentScale)));
    }

    @Test
    void ordinaryStepsSaturateNothing() {
        var actual = step(JavaStages.FLOOR, 1, 1);
        assertThat(actual.saturated()).isZero();
        assertThat(actual.singularBins()).isPositive();
    }

    @Test
    void whatFloat32CannotHoldIsCounted() {
        var actual = step(Floor.absolute(1e-20), 1e-19f, 1e30f);
        assertThat(actual.saturated()).isPositive();
        float largest = 0;
        for (float value : actual.gradient().re(0)) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isEqualTo(Float.MAX_VALUE);
    }
}
