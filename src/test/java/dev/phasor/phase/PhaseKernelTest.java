package dev.phasor.phase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kernel keeps: the angle to 2 ulp, the exact gradient to 4 ulp above the floor, and nothing but finite values. */
class PhaseKernelTest {

    private static final float[] SPECIAL = {
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        1e-20f,
        -1e-20f,
        1f,
        -1f,
        1e20f,
        -1e20f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };
    private static final int BLOCK = 1 << 16;

    static Stream<PhaseKernel> kernels() {
        return Stream.of(new JavaPhaseKernel(), new VectorPhaseKernel());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void theAngleOfEveryPairOfSpecialValuesIsTheIeeeOne(PhaseKernel kernel) {
        for (float im : SPECIAL) {
            for (float re : SPECIAL) {
                float[] angle = new float[13];
                kernel.angle(filled(13, re), filled(13, im), angle);
                float exact = (float) Math.atan2(im, re);
                for (float value : angle) {
                    assertThat(close(value, exact, 2))
                            .as("atan2(%s, %s) = %s, got %s", im, re, exact, value)
                            .isTrue();
                    assertThat(exact != 0 || Float.floatToIntBits(value) == Float.floatToIntBits(exact))
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void tenMillionPairsOverAllExponents(PhaseKernel kernel) {
        Random random = new Random(1);
        float[] re = new float[BLOCK];
        float[] im = new float[BLOCK];
        float[] ones = filled(BLOCK, 1);
        float[] angle = new float[BLOCK];
        float[] dRe = new float[BLOCK];
        float[] dIm = new float[BLOCK];
        long wrong = 0;
        for (int pairs = 0; pairs < 10_000_000; pairs += BLOCK) {
            for (int i = 0; i < BLOCK; i++) {
                re[i] = finite(random);
                im[i] = finite(random);
            }
            kernel.angle(re, im, angle);
            kernel.angleVjp(re, im, ones, GradientPolicy.EXACT, 0, dRe, dIm);
            for (int i = 0; i < BLOCK; i++) {
                double square = (double) re[i] * re[i] + (double) im[i] * im[i];
                wrong += close(angle[i], (float) Math.atan2(im[i], re[i]), 2) ? 0 : 1;
                wrong += square == 0 || close(dRe[i], saturated(-im[i] / square), 4) ? 0 : 1;
                wrong += square == 0 || close(dIm[i], saturated(re[i] / square), 4) ? 0 : 1;
            }
        }
        assertThat(wrong).isZero();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void aSampleOfAllPairsOfBfloat16IsFinite(PhaseKernel kernel) {
        assertThat(nonFinite(kernel, 1 << 10)).isZero();
    }

    /** 2^32 pairs, four policies; prints how many gradients were not finite. */
    @Test
    @Tag("exhaustive")
    void allPairsOfBfloat16AreFinite() {
        long nonFinite = nonFinite(new VectorPhaseKernel(), 1 << 16);
        System.out.println("bfloat16 pairs: " + (1L << 32) + ", non-finite gradients: " + nonFinite);
        assertThat(nonFinite).isZero();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void theForumsCases(PhaseKernel kernel) {
        float[] re = {0, 1e-20f, 1e-20f, -1e-12f, -1};
        float[] im = {0, 1e-20f, 0, 1e-20f, 0.5f};
        float[] angle = new float[5];
        float[] dRe = new float[5];
        float[] dIm = new float[5];

        kernel.angle(re, im, angle);
        kernel.angleVjp(re, im, filled(5, 1), GradientPolicy.CLAMPED, 1e-6, dRe, dIm);

        assertThat(angle[0]).as("(0, 0)").isZero();
        assertThat(close(angle[1], (float) (Math.PI / 4), 2))
                .as("(1e-20, 1e-20)")
                .isTrue();
        assertThat(angle[2]).as("(1e-20, 0)").isZero();
        assertThat(angle[3])
                .as("a negative real part near zero keeps its phase")
                .isEqualTo((float) Math.PI);
        assertThat(dIm[3]).as("and the sign of its gradient").isNegative();
        assertThat(close(angle[4], (float) Math.atan2(0.5, -1), 2)).isTrue();
        for (int i = 0; i < 5; i++) {
            assertThat(Float.isFinite(dRe[i]) && Float.isFinite(dIm[i])).isTrue();
            assertThat(Math.hypot(dRe[i], dIm[i])).isLessThanOrEqualTo(1.000001e6);
        }
    }

    /** Every real part against {@code rows} imaginary ones, spread evenly over all bfloat16. */
    private static long nonFinite(PhaseKernel kernel, int rows) {
        float[] re = new float[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            re[i] = bfloat16(i);
        }
        float[] largest = filled(BLOCK, Float.MAX_VALUE);
        float[] dRe = new float[BLOCK];
        float[] dIm = new float[BLOCK];
        long count = 0;
        int step = BLOCK / rows;
        for (int row = 0; row < BLOCK; row += step) {
            float[] im = filled(BLOCK, bfloat16(row));
            for (GradientPolicy policy : GradientPolicy.values()) {
                kernel.angleVjp(re, im, largest, policy, 1e-6, dRe, dIm);
                for (int i = 0; i < BLOCK; i++) {
                    count += Float.isFinite(dRe[i]) && Float.isFinite(dIm[i]) ? 0 : 1;
                }
            }
        }
        return count;
    }

    /** The value of these bits; 1 for those that are not finite. */
    private static float bfloat16(int bits) {
        float value = Float.intBitsToFloat(bits << 16);
        return Float.isFinite(value) ? value : 1;
    }

    private static float finite(Random random) {
        float value = Float.intBitsToFloat(random.nextInt());
        return Float.isFinite(value) ? value : 1;
    }

    private static float saturated(double value) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }

    private static boolean close(float value, float exact, int ulps) {
        return Float.isNaN(exact)
                ? Float.isNaN(value)
                : value == exact || Math.abs((double) value - exact) <= ulps * (double) Math.ulp(exact);
    }

    private static float[] filled(int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }
}
