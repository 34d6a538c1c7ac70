package dev.phasor.phase;

import static dev.phasor.phase.Floats.INF;
import static dev.phasor.phase.Floats.PI;
import static dev.phasor.phase.Floats.SPECIAL;
import static dev.phasor.phase.Floats.anywhere;
import static dev.phasor.phase.Floats.filled;
import static dev.phasor.phase.Floats.sameBits;
import static dev.phasor.phase.Floats.ulps;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@link SafeAtan2#angle}, line by line, and to 2 ulp of the exact angle and of plain Java's at every size and
 * exponent.
 */
interface AngleContract {

    PhaseKernel kernel();

    @Test
    default void aNanPartGivesNan() {
        for (float other : SPECIAL) {
            assertAngle(Float.NaN, other, Float.NaN);
            assertAngle(other, Float.NaN, Float.NaN);
        }
    }

    @Test
    default void zeroAndPositiveZeroGiveThatZero() {
        assertAngle(0f, 0f, 0f);
        assertAngle(-0f, 0f, -0f);
    }

    @Test
    default void zeroAndNegativeZeroGivePiWithItsSign() {
        assertAngle(0f, -0f, PI);
        assertAngle(-0f, -0f, -PI);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.MIN_VALUE, Float.MIN_NORMAL, 1e-20f, 1, 1e20f, Float.MAX_VALUE, INF})
    default void onTheRealAxisTheSignOfZeroTellsTheSidesOfTheCutApart(float x) {
        assertAngle(0f, x, 0f);
        assertAngle(-0f, x, -0f);
        assertAngle(0f, -x, PI);
        assertAngle(-0f, -x, -PI);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.MIN_VALUE, Float.MIN_NORMAL, 1e-20f, 1, 1e20f, Float.MAX_VALUE, INF})
    default void onTheImaginaryAxisTheAngleIsHalfPi(float y) {
        for (float zero : new float[] {0f, -0f}) {
            assertAngle(y, zero, PI / 2);
            assertAngle(-y, zero, -PI / 2);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0, Float.MIN_VALUE, 1e-20f, 1, Float.MAX_VALUE})
    default void finiteBesideAnInfiniteRealPartIsOnTheAxis(float y) {
        assertAngle(y, INF, 0f);
        assertAngle(-y, INF, -0f);
        assertAngle(y, -INF, PI);
        assertAngle(-y, -INF, -PI);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, Float.MIN_VALUE, 1e-20f, 1, Float.MAX_VALUE})
    default void anInfiniteImaginaryPartBesideAFiniteOneIsHalfPi(float x) {
        for (float re : new float[] {x, -x}) {
            assertAngle(INF, re, PI / 2);
            assertAngle(-INF, re, -PI / 2);
        }
    }

    @Test
    default void twoInfinitiesAreOnTheDiagonal() {
        assertAngle(INF, INF, PI / 4);
        assertAngle(-INF, INF, -PI / 4);
        assertAngle(INF, -INF, (float) (3 * Math.PI / 4));
        assertAngle(-INF, -INF, (float) (-3 * Math.PI / 4));
    }

    @Test
    default void everyPairOfSpecialValues() {
        for (float im : SPECIAL) {
            for (float re : SPECIAL) {
                assertAngle(im, re, (float) Math.atan2(im, re));
            }
        }
    }

    /**
     * At each of 13 positions, so in a whole vector and in what is left of one. Zeros keep their sign, tiny angles
     * their size.
     */
    private void assertAngle(float im, float re, float exact) {
        float[] angle = new float[13];
        kernel().angle(filled(13, re), filled(13, im), angle);
        for (float value : angle) {
            boolean same = exact == 0 ? sameBits(value, exact) : ulps(value, exact) <= 2;
            assertThat(same)
                    .as("atan2(%s, %s) = %s, got %s", im, re, exact, value)
                    .isTrue();
        }
    }

    @Test
    default void theForumsTensors() {
        assertAngle(0f, 0f, 0f);
        assertAngle(1e-20f, 1e-20f, PI / 4);
        assertAngle(0f, 1e-20f, 0f);
    }

    @Test
    default void aNegativeRealPartNearZeroKeepsItsPhase() {
        assertAngle(1e-20f, -1e-12f, PI);
        assertAngle(-1e-20f, -1e-12f, -PI);
        assertAngle(1e-9f, -5e-8f, (float) Math.atan2(1e-9f, -5e-8f));
        assertAngle(0.5f, -1f, (float) Math.atan2(0.5, -1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 207, 4098, 1_000_000})
    default void anglesOfEverySize(int size) {
        assertAngles(new Random(size), size);
    }

    @Test
    default void anglesOfTenMillionPairs() {
        Random random = new Random(1);
        for (int pairs = 0; pairs < 10_000_000; pairs += 1 << 16) {
            assertAngles(random, 1 << 16);
        }
    }

    private void assertAngles(Random random, int size) {
        float[] re = anywhere(random, size);
        float[] im = anywhere(random, size);
        float[] angle = new float[size];
        float[] java = new float[size];
        kernel().angle(re, im, angle);
        new JavaPhaseKernel().angle(re, im, java);
        assertThat(IntStream.range(0, size)
                        .filter(i -> !(ulps(angle[i], Math.atan2(im[i], re[i])) <= 2 && ulps(angle[i], java[i]) <= 2)))
                .isEmpty();
    }
}
