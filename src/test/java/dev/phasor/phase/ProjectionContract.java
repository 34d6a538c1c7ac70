package dev.phasor.phase;

import static dev.phasor.phase.Floats.anywhere;
import static dev.phasor.phase.Floats.filled;
import static dev.phasor.phase.Floats.ulps;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link PhaseKernel#project}: m z/|z| to 4 ulp of each part, or 2^-125 m where that is more. */
interface ProjectionContract {

    PhaseKernel kernel();

    @Test
    default void zeroIsProjectedToTheMagnitudeAlone() {
        for (float re : new float[] {0f, -0f}) {
            for (float im : new float[] {0f, -0f}) {
                float[] outRe = filled(13, 9);
                float[] outIm = filled(13, 9);
                kernel().project(filled(13, re), filled(13, im), filled(13, 0.75f), outRe, outIm);
                for (int i = 0; i < 13; i++) {
                    assertThat(outRe[i]).isEqualTo(0.75f);
                    assertThat(outIm[i] == 0).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 207, 4098, 1_000_000})
    default void projectionsOfEverySize(int size) {
        Random random = new Random(size);
        float[] re = anywhere(random, size);
        float[] im = anywhere(random, size);
        float[] magnitude = anywhere(random, size);
        float[] outRe = new float[size];
        float[] outIm = new float[size];
        kernel().project(re, im, magnitude, outRe, outIm);
        long wrong = 0;
        for (int i = 0; i < size; i++) {
            double r = Math.hypot(re[i], im[i]);
            double lost = Math.abs(magnitude[i]) * 0x1p-125;
            wrong += isClose(outRe[i], r == 0 ? magnitude[i] : re[i] / r * magnitude[i], lost) ? 0 : 1;
            wrong += isClose(outIm[i], r == 0 ? 0 : im[i] / r * magnitude[i], lost) ? 0 : 1;
        }
        assertThat(wrong).isZero();
    }

    private static boolean isClose(float value, double exact, double lost) {
        return ulps(value, exact) <= 4 || Math.abs(value - exact) <= lost;
    }
}
