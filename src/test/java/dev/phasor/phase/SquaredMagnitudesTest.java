package dev.phasor.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.signal.Plane;
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
        Plane x = Plane.of(re);
        Plane y = Plane.of(im);
        JavaPhaseKernel java = new JavaPhaseKernel();
        VectorPhaseKernel vector = new VectorPhaseKernel();
        double largest = java.largestSquare(x, y, 0, length);

        assertThat(java.largestSquare(x, y)).isEqualTo(largest);
        assertThat(vector.largestSquare(x, y)).isEqualTo(largest);
        for (double limit : new double[] {0, Denominator.SMALLEST_SQUARE, 1e-80, 1e-60, 1, largest, Double.MAX_VALUE}) {
            int below = java.countBelow(x, y, limit, 0, length);
            assertThat(java.countBelow(x, y, limit)).isEqualTo(below);
            assertThat(vector.countBelow(x, y, limit)).isEqualTo(below);
        }
    }
}
