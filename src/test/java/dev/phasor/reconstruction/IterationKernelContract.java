package dev.phasor.reconstruction;

import static dev.phasor.Signals.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link IterationKernel} keeps, at lengths around those of SIMD lanes and of partial sums. */
abstract class IterationKernelContract {

    abstract IterationKernel kernel();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 1023, 1024, 1025, 4104})
    void projectionSetsTheMagnitudeAndKeepsThePhase(int length) {
        float[] magnitude = absolute(noise(1, length));
        float[] re = noise(2, length);
        float[] im = noise(3, length);
        float[] x = re.clone();
        float[] y = im.clone();
        kernel().project(magnitude, re, im);
        for (int i = 0; i < length; i++) {
            double gain = magnitude[i] / Math.hypot(x[i], y[i]);
            assertThat((double) re[i]).isCloseTo(gain * x[i], within(4e-7 * magnitude[i]));
            assertThat((double) im[i]).isCloseTo(gain * y[i], within(4e-7 * magnitude[i]));
        }
    }

    @Test
    void projectionGivesPhaseZeroWhereThereIsNone() {
        float[] re = {0, -0f, 1e-30f, 0, -3, 0, 0, 0, 0, 0};
        float[] im = {0, 0, -1e-30f, -0f, 4, 0, 0, 0, 0, -0f};
        float[] magnitude = {1, 2, 3, 0, 10, 1e-30f, 1, 0, 1.5f, 2};
        kernel().project(magnitude, re, im);
        assertThat(re).containsExactly(1, 2, 3, 0, -6, 1e-30f, 1, 0, 1.5f, 2);
        assertThat(im).containsExactly(0, 0, 0, 0, 8, 0, 0, 0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 1023, 1024, 1025, 4104})
    void theErrorIsThatOfTheMagnitudes(int length) {
        float[] magnitude = absolute(noise(4, length));
        float[] re = noise(5, length);
        float[] im = noise(6, length);
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += Math.pow(Math.hypot(re[i], im[i]) - magnitude[i], 2);
        }
        assertThat(kernel().squaredError(magnitude, re, im)).isCloseTo(sum, within(1e-6 * sum));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 1023, 1024, 1025, 4104})
    void aProductIsOfTheRangeAlone(int length) {
        float[] a = noise(7, length + 5);
        float[] b = noise(8, length + 5);
        double sum = 0;
        double absolute = 0;
        for (int i = 3; i < 3 + length; i++) {
            sum += (double) a[i] * b[i];
            absolute += Math.abs((double) a[i] * b[i]);
        }
        assertThat(kernel().dot(a, b, 3, 3 + length)).isCloseTo(sum, within(1e-6 * absolute));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 1023, 1024, 1025, 4104})
    void aMagnitudeIsRoundedOnceAndOfTheRangeAlone(int length) {
        float[] re = noise(9, length + 5);
        float[] im = noise(10, length + 5);
        float[] magnitude = new float[length + 5];
        kernel().magnitude(re, im, magnitude, 3, 3 + length);
        for (int i = 0; i < magnitude.length; i++) {
            boolean inside = i >= 3 && i < 3 + length;
            double square = (double) re[i] * re[i] + (double) im[i] * im[i];
            assertThat(magnitude[i]).isEqualTo(inside ? (float) Math.sqrt(square) : 0);
        }
    }

    @Test
    void aMagnitudeNeitherUnderflowsNorOverflows() {
        float most = Float.MAX_VALUE;
        float[] re = {3e-40f, 0, most, -most, 3e30f, 0, -0f, 1, Float.MIN_VALUE};
        float[] im = {4e-40f, -Float.MIN_VALUE, 0, most, 4e30f, 0, 0, 0, 0};
        float[] magnitude = new float[re.length];
        kernel().magnitude(re, im, magnitude, 0, re.length);
        float small = (float) Math.sqrt((double) re[0] * re[0] + (double) im[0] * im[0]);
        assertThat(magnitude).containsExactly(small, Float.MIN_VALUE, most, most, 5e30f, 0, 0, 1, Float.MIN_VALUE);
    }

    private static float[] absolute(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
    }
}
