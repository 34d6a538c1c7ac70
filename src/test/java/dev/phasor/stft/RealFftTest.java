package dev.phasor.stft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.stft.RealFft.Scale;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Powers of two, mixed radices (1000), a small prime factor (15), and primes that need Bluestein's algorithm. */
class RealFftTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 15, 30, 211, 256, 422, 509, 1000, 1021, 2042, 2048})
    void forwardIsTheDirectSum(int size) {
        int frames = 2;
        double[] x = noise(size * frames);
        int bins = size / 2 + 1;
        float[] re = new float[1 + frames * bins];
        float[] im = new float[1 + frames * bins];
        new JTransformsRealFft(size).forward(x.clone(), frames, new Scale(3, 2), re, im, 1);

        double error = 0;
        double energy = 0;
        for (int frame = 0; frame < frames; frame++) {
            for (int k = 0; k < bins; k++) {
                double scale = k == 0 || 2 * k == size ? 3 : 2;
                double sumRe = 0;
                double sumIm = 0;
                for (int n = 0; n < size; n++) {
                    double angle = -2 * Math.PI * ((long) k * n % size) / size;
                    sumRe += x[frame * size + n] * Math.cos(angle);
                    sumIm += x[frame * size + n] * Math.sin(angle);
                }
                int i = 1 + frame * bins + k;
                error += Math.pow(re[i] - scale * sumRe, 2) + Math.pow(im[i] - scale * sumIm, 2);
                energy += scale * scale * (sumRe * sumRe + sumIm * sumIm);
            }
        }
        assertThat(Math.sqrt(error / energy)).isLessThan(5e-8);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 15, 256, 1000, 1021, 4096, 65537, 1 << 20, (1 << 20) - 3})
    void inverseUndoesForward(int size) {
        double[] x = noise(2 * size);
        double[] y = x.clone();
        int bins = size / 2 + 1;
        float[] re = new float[2 * bins];
        float[] im = new float[2 * bins];
        RealFft fft = new JTransformsRealFft(size);
        fft.forward(y, 2, Scale.ONE, re, im, 0);
        fft.inverse(re, im, 0, 2, new Scale(1.0 / size, 1.0 / size), y);
        double error = 0;
        double energy = 0;
        for (int i = 0; i < x.length; i++) {
            error += Math.pow(y[i] - x[i], 2);
            energy += x[i] * x[i];
        }
        assertThat(Math.sqrt(error / energy)).isLessThan(1e-7);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8, 15})
    void inverseIgnoresImaginaryPartsOfTheEdges(int size) {
        int bins = size / 2 + 1;
        float[] re = Signals.noise(1, bins);
        float[] im = Signals.noise(2, bins);
        RealFft fft = new JTransformsRealFft(size);
        double[] x = new double[size];
        fft.inverse(re, im, 0, 1, Scale.ONE, x);
        im[0] = 7;
        if (size % 2 == 0) {
            im[bins - 1] = 7;
        }
        double[] y = new double[size];
        fft.inverse(re, im, 0, 1, Scale.ONE, y);
        assertThat(y).isEqualTo(x);
    }

    @Test
    void oneInstanceServesManyThreads() {
        for (int size : new int[] {1000, 1021, 1024}) {
            RealFft fft = new JTransformsRealFft(size);
            List<float[]> spectra = IntStream.range(0, 400)
                    .parallel()
                    .mapToObj(i -> transform(fft))
                    .toList();
            float[] alone = transform(fft);
            assertThat(spectra).allMatch(spectrum -> Arrays.equals(spectrum, alone));
        }
    }

    private static float[] transform(RealFft fft) {
        float[] re = new float[fft.size() / 2 + 1];
        fft.forward(noise(fft.size()), 1, Scale.ONE, re, new float[re.length], 0);
        return re;
    }

    private static double[] noise(int length) {
        return new Random(3).doubles(length, -1, 1).toArray();
    }
}
