package dev.phasor.phase;

import static dev.phasor.phase.Floats.anywhere;
import static dev.phasor.phase.Floats.bfloat16;
import static dev.phasor.phase.Floats.filled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.signal.Plane;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every kernel keeps; each has a subclass. */
abstract class PhaseKernelTest implements AngleContract, GradientContract, ProjectionContract {

    private static final int BLOCK = 1 << 16;

    @Test
    void outputsMayBeTheInputs() {
        Random random = new Random(3);
        float[] re = anywhere(random, 4098);
        float[] im = anywhere(random, 4098);
        float[] third = anywhere(random, 4098);
        float[][] apart = {new float[4098], new float[4098]};

        kernel().project(re, im, third, apart[0], apart[1]);
        float[][] projected = {re.clone(), im.clone()};
        kernel().project(projected[0], projected[1], third, projected[0], projected[1]);
        assertThat(projected).isDeepEqualTo(apart);

        angleVjp(re, im, third, GradientPolicy.CLAMPED, apart);
        float[][] gradient = {re.clone(), im.clone()};
        angleVjp(gradient[0], gradient[1], third, GradientPolicy.CLAMPED, gradient);
        assertThat(gradient).isDeepEqualTo(apart);

        kernel().angle(re, im, apart[0]);
        kernel().angle(re, im, re);
        assertThat(re).isEqualTo(apart[0]);
    }

    private void angleVjp(float[] re, float[] im, float[] cotangent, GradientPolicy policy, float[]... gradient) {
        GradientContract.angleVjp(kernel(), re, im, cotangent, policy, 1e-6, gradient);
    }

    /** Parts of one array, at any place in it, and nothing beside them is written. */
    @ParameterizedTest
    @ValueSource(ints = {1, 13, 4098, 300_001})
    void aPlaneInsideAnArrayIsWhatItIsAlone(int size) {
        float[] array = anywhere(new Random(size), 3 * size + 9);
        Plane re = new Plane(array, 1, size);
        Plane im = new Plane(array, size + 4, size);
        Plane cotangent = new Plane(array, 2 * size + 7, size);
        float[][] alone = new float[3][];
        Arrays.setAll(alone, i -> Arrays.copyOfRange(array, (size + 3) * i + 1, (size + 3) * i + 1 + size));

        float[] angle = new float[size];
        kernel().angle(alone[0], alone[1], angle);
        float[] phase = filled(size + 5, 9);
        kernel().angle(re, im, new Plane(phase, 3, size));
        assertThat(phase).startsWith(9, 9, 9).endsWith(9, 9);
        assertThat(Arrays.copyOfRange(phase, 3, size + 3)).isEqualTo(angle);

        float[][] expected = {new float[size], new float[size]};
        angleVjp(alone[0], alone[1], alone[2], GradientPolicy.CLAMPED, expected);
        float[] gradient = filled(2 * size + 5, 9);
        Plane dRe = new Plane(gradient, 2, size);
        Plane dIm = new Plane(gradient, size + 3, size);
        kernel().angleVjp(re, im, cotangent, GradientPolicy.CLAMPED, 1e-6, dRe, dIm);
        assertThat(gradient).startsWith(9, 9).endsWith(9, 9);
        assertThat(Arrays.copyOfRange(gradient, 2, size + 2)).isEqualTo(expected[0]);
        assertThat(Arrays.copyOfRange(gradient, size + 3, 2 * size + 3)).isEqualTo(expected[1]);

        double largest = kernel().largestSquare(Plane.of(alone[0]), Plane.of(alone[1]));
        assertThat(kernel().largestSquare(re, im)).isEqualTo(largest);
        assertThat(kernel().countBelow(re, im, largest / 2))
                .isEqualTo(kernel().countBelow(Plane.of(alone[0]), Plane.of(alone[1]), largest / 2));
    }

    @Test
    void severalThreadsGetWhatOneGets() throws Exception {
        float[] re = anywhere(new Random(4), 4098);
        float[] im = anywhere(new Random(5), 4098);
        float[] alone = new float[4098];
        kernel().angle(re, im, alone);
        Callable<float[]> call = () -> {
            float[] angle = new float[4098];
            for (int i = 0; i < 20; i++) {
                kernel().angle(re, im, angle);
            }
            return angle;
        };
        var threads = Executors.newFixedThreadPool(4);
        try {
            for (var angle :
                    threads.invokeAll(IntStream.range(0, 4).mapToObj(i -> call).collect(Collectors.toList()))) {
                assertThat(angle.get()).isEqualTo(alone);
            }
        } finally {
            threads.shutdown();
        }
    }

    /** 2^20 of the 2^32 pairs, spread over both parts. */
    @Test
    void aSampleOfAllPairsOfBfloat16IsFinite() {
        float[] re = new float[1 << 20];
        float[] im = new float[1 << 20];
        for (int i = 0; i < re.length; i++) {
            int pair = 4095 * i;
            re[i] = bfloat16(pair & 0xffff);
            im[i] = bfloat16(pair >>> 16);
        }
        assertThat(nonFinite(re, im)).isZero();
    }

    /** 2^32 pairs, four policies; prints how many gradients were not finite. */
    @Test
    @Tag("exhaustive")
    void allPairsOfBfloat16AreFinite() {
        float[] re = new float[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            re[i] = bfloat16(i);
        }
        long start = System.nanoTime();
        long nonFinite = 0;
        for (int row = 0; row < BLOCK; row++) {
            nonFinite += nonFinite(re, filled(BLOCK, bfloat16(row)));
        }
        System.out.printf(
                "%s kernel: %d pairs of bfloat16, %d policies, cotangent %s: %d non-finite gradients, %d s%n",
                kernel().name(),
                1L << 32,
                GradientPolicy.values().length,
                Float.MAX_VALUE,
                nonFinite,
                (System.nanoTime() - start) / 1_000_000_000);
        assertThat(nonFinite).isZero();
    }

    /** Under each policy, for the largest cotangent. */
    private long nonFinite(float[] re, float[] im) {
        float[] largest = filled(re.length, Float.MAX_VALUE);
        float[] dRe = new float[re.length];
        float[] dIm = new float[re.length];
        long count = 0;
        for (GradientPolicy policy : GradientPolicy.values()) {
            angleVjp(re, im, largest, policy, dRe, dIm);
            for (int i = 0; i < re.length; i++) {
                count += Float.isFinite(dRe[i]) && Float.isFinite(dIm[i]) ? 0 : 1;
            }
        }
        return count;
    }
}
