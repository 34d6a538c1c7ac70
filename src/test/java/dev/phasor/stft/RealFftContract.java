package dev.phasor.stft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.phasor.Signals;
import dev.phasor.stft.RealFft.Order;
import dev.phasor.stft.RealFft.Scale;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link RealFft} keeps. */
abstract class RealFftContract {

    private static final Scale SCALE = new Scale(3, 2);

    abstract RealFft fft(int size);

    abstract List<Integer> sizes();

    /** Whether whole batches can be added where they belong. */
    abstract boolean adds();

    /** Of a spectrum, relative RMS. */
    abstract double accuracy();

    List<Integer> shortSizes() {
        return sizes().stream().filter(size -> size <= 4096).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 300})
    void valuesAreAddedInDouble(int count) {
        float[] values = Signals.noise(1, count + 5);
        double[] sum = new double[count + 4];
        Arrays.setAll(sum, i -> 1e-9 * i);
        double[] expected = sum.clone();
        for (int n = 0; n < count; n++) {
            expected[3 + n] += values[2 + n];
        }
        int size = shortSizes().get(0);
        fft(size).worker(window(size)).add(values, 2, count, sum, 3);
        assertThat(sum).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("shortSizes")
    void forwardIsTheDirectSum(int size) {
        RealFft fft = fft(size);
        int bins = size / 2 + 1;
        int stride = size + 3;
        float[] x = Signals.noise(1, fft.batch() * stride + 5);
        double[] window = window(size);
        // A whole batch, and one frame alone.
        for (int frames : new int[] {fft.batch(), 1}) {
            float[] re = new float[1 + frames * bins];
            float[] im = new float[1 + frames * bins];
            fft.worker(window).forward(x, 5, stride, frames, SCALE, re, im, 1);
            double error = 0;
            double energy = 0;
            for (int k = 0; k < bins; k++) {
                int last = frames - 1;
                double scale = k == 0 || 2 * k == size ? 3 : 2;
                double sumRe = 0;
                double sumIm = 0;
                for (int n = 0; n < size; n++) {
                    double angle = -2 * Math.PI * ((long) k * n % size) / size;
                    double value = window[n] * x[5 + last * stride + n];
                    sumRe += value * Math.cos(angle);
                    sumIm += value * Math.sin(angle);
                }
                int i = 1 + last * bins + k;
                error += Math.pow(re[i] - scale * sumRe, 2) + Math.pow(im[i] - scale * sumIm, 2);
                energy += scale * scale * (sumRe * sumRe + sumIm * sumIm);
            }
            assertThat(Math.sqrt(error / energy)).isLessThan(accuracy());
        }
    }

    @ParameterizedTest
    @MethodSource("shortSizes")
    void theDistanceIsThatOfTheTransforms(int size) {
        RealFft.Worker worker = fft(size).worker(window(size));
        int bins = size / 2 + 1;
        float[] x = Signals.noise(14, 3 + size);
        for (int n = 0; n < x.length; n++) {
            x[n] += 0.5f;
        }
        float[] re = new float[bins];
        float[] im = new float[bins];
        float[] y = Signals.noise(15, 2 + size);
        float[] ofY = new float[bins];
        float[] imOfY = new float[bins];
        fft(size).worker(ones(size)).forward(y, 2, 0, 1, Scale.ONE, ofY, imOfY, 0);
        worker.forward(x, 3, 0, 1, Scale.ONE, re, im, 0);
        double distance = 0;
        for (int k = 0; k < bins; k++) {
            distance += Math.pow(re[k] - ofY[k], 2) + Math.pow(im[k] - imOfY[k], 2);
        }
        assertThat(worker.squaredDistance(x, 3, y, 2)).isCloseTo(distance, withinPercentage(0.001));
    }

    /** Onto what is there, with frames that overlap; frames beyond the range of floats are left to the caller. */
    @ParameterizedTest
    @MethodSource("shortSizes")
    void whatIsAddedIsTheInverse(int size) {
        RealFft fft = fft(size);
        int frames = fft.batch();
        int bins = size / 2 + 1;
        int hop = Math.max(1, size / 4);
        RealFft.Worker worker = fft.worker(window(size), Order.BINS);
        float[] re = Signals.noise(11, frames * bins);
        float[] im = Signals.noise(12, frames * bins);
        float[] y = new float[frames * size];
        worker.inverse(re, im, 0, frames, SCALE, y);
        float[] before = Signals.noise(13, 5 + (frames - 1) * hop + size);
        float[] sum = before.clone();
        boolean added = worker.inverseAdd(re, im, 0, frames, SCALE, sum, 5, hop);
        assertThat(added).isEqualTo(adds());
        if (added) {
            double[] expected = new double[sum.length];
            Arrays.setAll(expected, i -> before[i]);
            for (int i = 0; i < y.length; i++) {
                expected[5 + i / size * hop + i % size] += y[i];
            }
            for (int i = 0; i < sum.length; i++) {
                assertThat((double) sum[i]).isCloseTo(expected[i], within(1e-6 * size));
            }
        } else {
            assertThat(sum).isEqualTo(before);
        }
        re[frames - 1] = 1e38f;
        assertThat(worker.inverseAdd(re, im, 0, frames, SCALE, sum, 5, hop)).isFalse();
    }

    /**
     * The same bits in either order, of frames in the middle of the range and of those beyond what floats can be
     * transformed in.
     */
    @ParameterizedTest
    @MethodSource("shortSizes")
    void bothOrdersHoldTheSameValues(int size) {
        RealFft fft = fft(size);
        int bins = size / 2 + 1;
        int batch = fft.batch();
        float[] x = Signals.noise(8, batch * size);
        for (int n = 0; n < size; n++) {
            x[n] *= 1e33f;
        }
        for (int frames : new int[] {batch, (batch + 1) / 2}) {
            float[] re = new float[batch * bins];
            float[] im = new float[batch * bins];
            float[] y = new float[batch * size];
            RealFft.Worker byFrame = fft.worker(window(size), Order.FRAMES);
            byFrame.forward(x, 0, size, frames, SCALE, re, im, 0);
            byFrame.inverse(re, im, 0, frames, SCALE, y);
            float[] otherRe = new float[3 + batch * bins];
            float[] otherIm = new float[3 + batch * bins];
            float[] other = new float[batch * size];
            RealFft.Worker byBin = fft.worker(window(size), Order.BINS);
            byBin.forward(x, 0, size, frames, SCALE, otherRe, otherIm, 3);
            byBin.inverse(otherRe, otherIm, 3, frames, SCALE, other);
            for (int frame = 0; frame < frames; frame++) {
                for (int bin = 0; bin < bins; bin++) {
                    int at = 3 + Order.BINS.index(frame, bin, bins, batch);
                    assertThat(otherRe[at]).isEqualTo(re[Order.FRAMES.index(frame, bin, bins, batch)]);
                    assertThat(otherIm[at]).isEqualTo(im[Order.FRAMES.index(frame, bin, bins, batch)]);
                }
            }
            assertThat(other).isEqualTo(y);
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void inverseUndoesForward(int size) {
        RealFft fft = fft(size);
        RealFft.Worker worker = fft.worker(ones(size));
        int frames = fft.batch();
        float[] x = Signals.noise(2, frames * size);
        float[] re = new float[frames * (size / 2 + 1)];
        float[] im = new float[re.length];
        float[] y = new float[x.length];
        worker.forward(x, 0, size, frames, Scale.ONE, re, im, 0);
        worker.inverse(re, im, 0, frames, new Scale(1.0 / size, 1.0 / size), y);
        assertThat(Signals.distance(x, y)).isLessThan(2 * accuracy() * Signals.norm(x));
    }

    /** With the weights that make it so: c = 1 everywhere. */
    @ParameterizedTest
    @MethodSource("shortSizes")
    void inverseIsTheAdjointOfForward(int size) {
        RealFft.Worker worker = fft(size).worker(window(size));
        int bins = size / 2 + 1;
        float[] x = Signals.noise(3, size);
        float[] vRe = Signals.noise(4, bins);
        float[] vIm = Signals.noise(5, bins);
        float[] re = new float[bins];
        float[] im = new float[bins];
        float[] y = new float[size];
        worker.forward(x, 0, size, 1, Scale.ONE, re, im, 0);
        worker.inverse(vRe, vIm, 0, 1, new Scale(1, 0.5), y);
        double scale =
                Math.hypot(Signals.norm(re), Signals.norm(im)) * Math.hypot(Signals.norm(vRe), Signals.norm(vIm));
        assertThat(Signals.dot(y, x)).isCloseTo(Signals.dot(vRe, re) + Signals.dot(vIm, im), within(1e-6 * scale));
    }

    @ParameterizedTest
    @MethodSource("shortSizes")
    void inverseIgnoresImaginaryPartsOfTheEdges(int size) {
        int bins = size / 2 + 1;
        float[] re = Signals.noise(1, bins);
        float[] im = Signals.noise(2, bins);
        RealFft.Worker worker = fft(size).worker(ones(size));
        float[] x = new float[size];
        worker.inverse(re, im, 0, 1, Scale.ONE, x);
        im[0] = 7;
        if (size % 2 == 0) {
            im[bins - 1] = 7;
        }
        float[] y = new float[size];
        worker.inverse(re, im, 0, 1, Scale.ONE, y);
        assertThat(y).isEqualTo(x);
    }

    /** The same bits in every place of every batch, whatever stands beside it. */
    @ParameterizedTest
    @MethodSource("shortSizes")
    void aFrameKnowsNothingOfItsNeighbors(int size) {
        RealFft fft = fft(size);
        RealFft.Worker worker = fft.worker(window(size));
        int bins = size / 2 + 1;
        float[] x = Signals.noise(6, fft.batch() * size);
        float[] re = new float[fft.batch() * bins];
        float[] im = new float[re.length];
        worker.forward(x, 0, size, fft.batch(), SCALE, re, im, 0);
        float[] y = new float[x.length];
        worker.inverse(re, im, 0, fft.batch(), SCALE, y);
        for (int frame = 0; frame < fft.batch(); frame++) {
            float[] aloneRe = new float[bins];
            float[] aloneIm = new float[bins];
            float[] alone = new float[size];
            worker.forward(x, frame * size, 0, 1, SCALE, aloneRe, aloneIm, 0);
            worker.inverse(aloneRe, aloneIm, 0, 1, SCALE, alone);
            assertThat(aloneRe).isEqualTo(Arrays.copyOfRange(re, frame * bins, (frame + 1) * bins));
            assertThat(aloneIm).isEqualTo(Arrays.copyOfRange(im, frame * bins, (frame + 1) * bins));
            assertThat(alone).isEqualTo(Arrays.copyOfRange(y, frame * size, (frame + 1) * size));
        }
    }

    @Test
    void oneInstanceServesManyThreads() {
        for (int size : shortSizes()) {
            RealFft fft = fft(size);
            float[] alone = transform(fft);
            assertThat(IntStream.range(0, 40).parallel().mapToObj(i -> transform(fft)))
                    .allMatch(spectrum -> Arrays.equals(spectrum, alone));
        }
    }

    private static float[] transform(RealFft fft) {
        float[] re = new float[fft.size() / 2 + 1];
        fft.worker(ones(fft.size()))
                .forward(Signals.noise(7, fft.size()), 0, 0, 1, Scale.ONE, re, new float[re.length], 0);
        return re;
    }

    private static double[] ones(int size) {
        double[] window = new double[size];
        Arrays.fill(window, 1);
        return window;
    }

    private static double[] window(int size) {
        return Window.parse("hamming", null).coefficients(size, size, 1);
    }
}
