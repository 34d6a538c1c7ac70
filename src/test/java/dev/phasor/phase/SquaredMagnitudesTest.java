package dev.phasor.phase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SquaredMagnitudesTest {

    /** To the bit, with values that squares of floats would lose. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 64, 1001, 300_001})
    void lanesAndScalarsAgree(int length) {
        Random random = new Random(length);
        float[] re = new float[length];
        float[] im = new float[length];
        for (int i = 0; i < length; i++) {
            re[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(80) - 42));
            im[i] = i % 7 == 0 ? 0 : (float) (random.nextGaussian() * Math.pow(10, random.nextInt(80) - 42));
        }
        JavaPhaseKernel java = new JavaPhaseKernel();
        VectorPhaseKernel vector = new VectorPhaseKernel();
        double largest = java.largestSquare(re, im, 0, length);

        assertThat(java.largestSquare(re, im)).isEqualTo(largest);
        assertThat(vector.largestSquare(re, im)).isEqualTo(largest);
        for (double limit : new double[] {0, Denominator.SMALLEST_SQUARE, 1e-80, 1e-60, 1, largest, Double.MAX_VALUE}) {
            int below = java.countBelow(re, im, limit, 0, length);
            assertThat(java.countBelow(re, im, limit)).isEqualTo(below);
            assertThat(vector.countBelow(re, im, limit)).isEqualTo(below);
        }
    }
}
