package dev.phasor.stft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Signals;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.RealFft.Scale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same bits, whatever the number of threads and wherever the work is cut. */
class DeterminismTest {

    private static final int LENGTH = 300_001;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void threadsDoNotChangeABit(int threads) {
        Stft stft = new Stft(new StftParameters(1000, 300, 1000, Window.HANN, true, PadMode.REFLECT));
        float[][] expected = everything(stft);
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            assertThat(Arrays.deepEquals(pool.submit(() -> everything(stft)).join(), expected))
                    .isTrue();
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void callersShareAnInstance() {
        Stft stft = new Stft(StftParameters.hann(1021, 300));
        List<float[][]> results =
                IntStream.range(0, 4).parallel().mapToObj(i -> everything(stft)).toList();
        float[][] alone = everything(stft);
        assertThat(results).allMatch(result -> Arrays.deepEquals(result, alone));
    }

    private static float[][] everything(Stft stft) {
        AudioSignal x =
                new AudioSignal(Shape.of(2), new float[][] {Signals.noise(1, LENGTH), Signals.noise(2, LENGTH)}, 8000);
        ComplexSpectrogram z = stft.forward(x);
        AudioSignal y = stft.inverse(z, LENGTH, 8000);
        AudioSignal gradient = stft.forwardVjp(z, LENGTH);
        ComplexSpectrogram inverseGradient = stft.inverseVjp(x, z.shape().frames());
        float[][] both =
                stft.adjointLoop(LENGTH).run(x.samples(0), x.samples(1), (tile, re, im, otherRe, otherIm) -> {});
        List<float[]> planes = new ArrayList<>(List.of(both));
        for (int item = 0; item < 2; item++) {
            planes.addAll(List.of(z.re(item), z.im(item), y.samples(item), gradient.samples(item)));
            planes.addAll(List.of(inverseGradient.re(item), inverseGradient.im(item)));
        }
        return planes.toArray(float[][]::new);
    }

    @Test
    void cutsOfAnOverlapAddDoNotChangeABit() {
        StftParameters parameters = new StftParameters(60, 7, 50, Window.HANN, true, PadMode.CONSTANT);
        Frames loop = new Frames(
                parameters, Window.HANN.coefficients(50, 60, 7), new JTransformsRealFft(60), RealFft.Order.FRAMES);
        int count = 100;
        int total = 60 + 7 * 99;
        float[] re = Signals.noise(1, count * 31);
        float[] im = Signals.noise(2, count * 31);
        double[] whole = new double[total];
        loop.overlapAdd(re, im, count, Scale.ONE, 0, total, whole, 0);

        Random random = new Random(3);
        for (int run = 0; run < 20; run++) {
            int[] cuts = IntStream.concat(IntStream.of(0, total), random.ints(5, 0, total))
                    .sorted()
                    .toArray();
            double[] pieces = new double[total];
            for (int i = 1; i < cuts.length; i++) {
                loop.overlapAdd(re, im, count, Scale.ONE, cuts[i - 1], cuts[i], pieces, cuts[i - 1]);
            }
            assertThat(pieces).as(Arrays.toString(cuts)).isEqualTo(whole);
        }
    }
}
