package dev.phasor.phase;

import static dev.phasor.phase.Floats.INF;
import static dev.phasor.phase.Floats.anywhere;
import static dev.phasor.phase.Floats.filled;
import static dev.phasor.phase.Floats.saturated;
import static dev.phasor.phase.Floats.ulps;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.signal.Plane;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pullback of the angle: {@link GradientPolicy}'s table to 4 ulp, above the floor and below, with what saturates
 * counted; and {@link SafeAtan2#dRe}'s special cases. Exact values are worked out here, from r and without a square of
 * it.
 */
interface GradientContract {

    PhaseKernel kernel();

    @ParameterizedTest
    @EnumSource
    default void atTheOriginTheGradientIsZero(GradientPolicy policy) {
        for (float g : new float[] {0, 1, -1e30f, Float.MAX_VALUE}) {
            for (double floor : new double[] {0, 1e-6}) {
                assertGradient(0f, 0f, g, policy, floor, 0, 0);
                assertGradient(-0f, -0f, g, policy, floor, 0, 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    default void aZeroCotangentGivesZero(GradientPolicy policy) {
        for (float part : new float[] {0, Float.MIN_VALUE, 1e-20f, 1, Float.MAX_VALUE}) {
            assertGradient(part, -part, 0f, policy, 0, 0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    default void whatIsNotFiniteBecomesNoNumber(GradientPolicy policy) {
        for (float bad : new float[] {INF, -INF, Float.NaN}) {
            assertGradient(bad, 1, 1, policy, 1e-6, Float.NaN, Float.NaN);
            assertGradient(1, bad, 1, policy, 1e-6, Float.NaN, Float.NaN);
            assertGradient(1, 1, bad, policy, 1e-6, Float.NaN, Float.NaN);
            assertGradient(0, 0, bad, policy, 1e-6, Float.NaN, Float.NaN);
        }
    }

    /** {@link PhaseKernel#angleVjp} of whole arrays. */
    static long angleVjp(
            PhaseKernel kernel,
            float[] re,
            float[] im,
            float[] cotangent,
            GradientPolicy policy,
            double floor,
            float[]... gradient) {
        return kernel.angleVjp(
                Plane.of(re),
                Plane.of(im),
                Plane.of(cotangent),
                policy,
                floor,
                Plane.of(gradient[0]),
                Plane.of(gradient[1]));
    }

    @Test
    default void beyondTheLargestFloatItSaturatesWithItsSignAndIsCounted() {
        float[] dRe = new float[13];
        float[] dIm = new float[13];
        long saturated =
                angleVjp(kernel(), filled(13, 0), filled(13, 1e-40f), filled(13, 3), GradientPolicy.EXACT, 0, dRe, dIm);
        assertThat(dRe).containsOnly(-Float.MAX_VALUE);
        assertThat(dIm).containsOnly(0);
        assertThat(saturated).isEqualTo(13);
    }

    private void assertGradient(
            float im, float re, float g, GradientPolicy policy, double floor, float exactRe, float exactIm) {
        float[] dRe = filled(13, 9);
        float[] dIm = filled(13, 9);
        angleVjp(kernel(), filled(13, re), filled(13, im), filled(13, g), policy, floor, dRe, dIm);
        for (int i = 0; i < 13; i++) {
            assertThat(ulps(dRe[i], exactRe) == 0 && ulps(dIm[i], exactIm) == 0)
                    .as("g %s at %s + %si, got %s + %si", g, re, im, dRe[i], dIm[i])
                    .isTrue();
        }
    }

    @Test
    default void theForumsGradients() {
        float gain = (float) (1e-20f / 1e-12);
        assertGradient(0, 0, 1, GradientPolicy.CLAMPED, 1e-6, 0, 0);
        assertGradient(1e-20f, 1e-20f, 1, GradientPolicy.CLAMPED, 1e-6, -gain, gain);
        assertGradient(0, 1e-20f, 1, GradientPolicy.CLAMPED, 1e-6, 0, gain);
        assertGradient(1e-20f, 0, 1, GradientPolicy.CLAMPED, 1e-6, -gain, 0);
    }

    @Test
    default void aNegativeRealPartNearZeroKeepsTheSignOfItsGradient() {
        assertGradient(0, -1e-12f, 1, GradientPolicy.CLAMPED, 1e-6, 0, (float) (-1e-12f / 1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 207, 4098, 1_000_000})
    default void gradientsOfEverySize(int size) {
        Random random = new Random(size);
        assertGradients(
                anywhere(random, size), anywhere(random, size), anywhere(random, size), GradientPolicy.CLAMPED, 1e-6);
    }

    @Test
    default void exactGradientsOfTenMillionPairs() {
        Random random = new Random(1);
        float[] ones = filled(1 << 16, 1);
        for (int pairs = 0; pairs < 10_000_000; pairs += 1 << 16) {
            assertGradients(anywhere(random, 1 << 16), anywhere(random, 1 << 16), ones, GradientPolicy.EXACT, 0);
        }
    }

    /** Half the pairs within a factor of 4 of the floor, the others anywhere. */
    @ParameterizedTest
    @EnumSource
    default void gradientsAroundEveryFloor(GradientPolicy policy) {
        Random random = new Random(2);
        for (double floor : new double[] {0, 1e-60, 1e-45, 1e-25, 1e-6, 1, 1e20, 3e38, 1e50}) {
            float[] re = anywhere(random, 4098);
            float[] im = anywhere(random, 4098);
            for (int i = 0; i < 2049; i++) {
                re[i] = saturated(floor * (4 * random.nextDouble() - 2));
                im[i] = saturated(floor * (4 * random.nextDouble() - 2));
            }
            assertGradients(re, im, anywhere(random, 4098), policy, floor);
        }
    }

    private void assertGradients(float[] re, float[] im, float[] g, GradientPolicy policy, double floor) {
        float[][] made = {new float[re.length], new float[re.length]};
        float[][] java = {new float[re.length], new float[re.length]};
        long counted = angleVjp(kernel(), re, im, g, policy, floor, made);
        angleVjp(new JavaPhaseKernel(), re, im, g, policy, floor, java);
        long saturated = 0;
        long wrong = 0;
        for (int i = 0; i < re.length; i++) {
            double[] exact = exact(im[i], re[i], g[i], policy, floor);
            for (int part = 0; part < 2; part++) {
                saturated += Math.abs(exact[part]) > Float.MAX_VALUE ? 1 : 0;
                float value = made[part][i];
                wrong += ulps(value, Floats.saturated(exact[part])) <= 4 && ulps(value, java[part][i]) <= 4 ? 0 : 1;
            }
        }
        assertThat(wrong).as("wrong components, floor %s", floor).isZero();
        assertThat(counted).as("saturated components, floor %s", floor).isEqualTo(saturated);
    }

    private static double[] exact(double im, double re, double g, GradientPolicy policy, double floor) {
        double r = Math.hypot(re, im);
        double d = switch (policy) {
            case CLAMPED -> Math.max(r, floor);
            case REGULARIZED -> Math.hypot(r, floor);
            case ZERO_BELOW -> r >= floor ? r : Double.POSITIVE_INFINITY;
            case EXACT -> r;
        };
        return d == 0 ? new double[2] : new double[] {-im / d * g / d, re / d * g / d};
    }
}
