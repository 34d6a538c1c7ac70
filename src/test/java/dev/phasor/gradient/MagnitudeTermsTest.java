package dev.phasor.gradient;

import static dev.phasor.gradient.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.phasor.Signals;
import org.junit.jupiter.api.Test;

/** The lanes against plain Java in double. */
class MagnitudeTermsTest {

    /** Several blocks, and a part of one. */
    private static final int SIZE = 1600;

    private static float[][] planes() {
        float[][] planes = {
            Signals.noise(1, SIZE), Signals.noise(2, SIZE), Signals.noise(3, SIZE), Signals.noise(4, SIZE)
        };
        for (int i = 0; i < SIZE; i++) {
            // Every pair of 1e-15..1e14: clamped in one, in both, in none of them.
            float scale = (float) Math.pow(10, i % 30 - 15);
            float targetScale = (float) Math.pow(10, i / 30 % 30 - 15);
            planes[0][i] *= scale;
            planes[1][i] *= scale;
            planes[2][i] *= targetScale;
            planes[3][i] *= targetScale;
        }
        return planes;
    }

    private static MagnitudeTerms inLanes(float[][] planes) {
        var terms = new MagnitudeTerms();
        VectorMagnitudeTerms.take(terms, planes[0], planes[1], planes[2], planes[3], 0, SIZE);
        return terms;
    }

    @Test
    void lanesAgreeWithPlainJava() {
        float[][] actual = planes();
        float[][] expected = planes();
        MagnitudeTerms terms = inLanes(actual);
        var wanted = new MagnitudeTerms();
        wanted.take(expected[0], expected[1], expected[2], expected[3], 1, 0, SIZE);

        assertThat(terms.squares).isCloseTo(wanted.squares, withinPercentage(1e-4));
        assertThat(terms.targetSquares).isCloseTo(wanted.targetSquares, withinPercentage(1e-4));
        assertThat(terms.logarithms).isCloseTo(wanted.logarithms, withinPercentage(1e-4));
        for (int i = 0; i < SIZE; i++) {
            for (int plane = 0; plane < 4; plane++) {
                assertClose(new float[] {actual[plane][i]}, new float[] {expected[plane][i]});
            }
        }
    }

    @Test
    void atTheTargetAllIsZero() {
        float[][] planes = planes();
        planes[2] = planes[0].clone();
        planes[3] = planes[1].clone();
        MagnitudeTerms terms = inLanes(planes);

        assertThat(terms.squares).isZero();
        assertThat(terms.logarithms).isZero();
        for (float[] plane : planes) {
            assertThat(Signals.norm(plane)).isZero();
        }
    }
}
