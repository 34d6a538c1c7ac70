package dev.phasor.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnglesTest {

    private static void agreesWithMath(float[] angles) {
        float[] cos = new float[angles.length];
        float[] sin = new float[angles.length];
        Angles.cosSin(angles, cos, sin);
        for (int i = 0; i < angles.length; i++) {
            assertThat(cos[i]).as("cos %s", angles[i]).isCloseTo((float) Math.cos(angles[i]), within(6e-7f));
            assertThat(sin[i]).as("sin %s", angles[i]).isCloseTo((float) Math.sin(angles[i]), within(6e-7f));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {4, 1 << 10, 1 << 16, 1e9f, Float.MAX_VALUE})
    void cosinesAndSinesOfAnglesUpTo(float largest) {
        SplittableRandom random = new SplittableRandom(1);
        float[] angles = new float[100_000];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = (float) (largest * (2 * random.nextDouble() - 1));
        }
        agreesWithMath(angles);
    }

    @Test
    void quartersOfATurnAndTheirNeighbors() {
        float[] quarters = new float[51];
        for (int i = 0; i < 17; i++) {
            quarters[3 * i] = (float) ((i - 8) * Math.PI / 2);
            quarters[3 * i + 1] = Math.nextUp(quarters[3 * i]);
            quarters[3 * i + 2] = Math.nextDown(quarters[3 * i]);
        }
        agreesWithMath(quarters);
    }

    @Test
    void wrappedAnglesAreTheSameWithinATurn() {
        double[] wrapped = IntStream.range(-1000, 1000)
                .mapToDouble(i -> Angles.wrap(0.1 * i))
                .toArray();
        for (int i = -1000; i < 1000; i++) {
            assertThat(Math.sin(wrapped[i + 1000])).isCloseTo(Math.sin(0.1 * i), within(1e-12));
        }
        assertThat(Arrays.stream(wrapped).map(Math::abs).max().orElseThrow()).isLessThanOrEqualTo(Math.PI);
    }
}
