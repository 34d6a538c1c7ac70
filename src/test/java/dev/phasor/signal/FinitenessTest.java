package dev.phasor.signal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FinitenessTest {

    /** In lanes that are full, beside them, and in a range of an array whose other values are not finite. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 15, 16, 17, 35, 1001})
    void oneValueIsSeenWhereverItStands(int length) {
        float[] values = new float[length + 2];
        values[0] = Float.NaN;
        values[length + 1] = Float.NaN;
        for (int i = 1; i <= length; i++) {
            values[i] = i % 2 == 0 ? Float.MAX_VALUE : -Float.MIN_VALUE;
        }
        assertThat(Finiteness.of(values, 1, length + 1)).isTrue();
        for (float other : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int i = 1; i <= length; i++) {
                float before = values[i];
                values[i] = other;
                assertThat(Finiteness.of(values, 1, length + 1))
                        .as("%s at %s", other, i)
                        .isFalse();
                values[i] = before;
            }
        }
    }
}
