package dev.phasor.signal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeakTest {

    /** In lanes that are full and beside them, of either sign, and not of what stands around the range. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 9, 35, 1001})
    void theLargestIsFoundWhereverItStands(int length) {
        float[] values = new float[length + 2];
        values[0] = Float.POSITIVE_INFINITY;
        values[length + 1] = Float.NaN;
        assertThat(AudioSignal.peak(values, 1, 1)).isZero();
        for (float largest : new float[] {-Float.MIN_VALUE, 3, -4, Float.NEGATIVE_INFINITY, Float.NaN}) {
            for (int i = 1; i <= length; i++) {
                float before = values[i];
                values[i] = largest;
                float peak = AudioSignal.peak(values, 1, length + 1);
                assertThat(Float.compare(peak, Math.abs(largest)))
                        .as("%s at %s, got %s", largest, i, peak)
                        .isZero();
                values[i] = before;
            }
        }
    }
}
