package dev.phasor.mel;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A bank B of filters [mels][bins] with non-negative weights. Each filter is a run of bins: a triangle of a trained
 * model's 80 has 2 to some 30 of 513.
 */
public final class MelFilters {

    private final int bins;
    private final int[] first;
    private final float[][] weights;

    private MelFilters(int bins, int[] first, float[][] weights) {
        this.bins = bins;
        this.first = first;
        this.weights = weights;
    }

    /**
     * Triangles over {@code mels + 2} frequencies with equal distances on the scale: {@code librosa.filters.mel} and
     * {@code torchaudio.functional.melscale_fbanks}, in double and rounded to float.
     *
     * @param sampleRate Hz
     * @param lowest where the first filter begins, Hz, at least 0
     * @param highest where the last filter ends, Hz, at most sampleRate/2
     * @throws InvalidInputException {@code BAD_PARAMETER} naming the parameter, its range and the value
     */
    public static MelFilters triangles(
            int sampleRate, int fftSize, int mels, double lowest, double highest, MelScale scale, MelNorm norm) {
        double half = sampleRate / 2.0;
        if (!(highest <= half)) {
            throw InvalidInputException.badParameter("fmax", "at most sample_rate/2, " + half + " Hz", highest);
        }
        if (!(lowest >= 0 && lowest < highest)) {
            throw InvalidInputException.badParameter("fmin", "at least 0 and below fmax, " + highest + " Hz", lowest);
        }
        double from = scale.mel(lowest);
        double step = (scale.mel(highest) - from) / (mels + 1);
        double[] edges = IntStream.range(0, mels + 2)
                .mapToDouble(i -> scale.hertz(from + i * step))
                .toArray();
        int bins = fftSize / 2 + 1;
        int[] first = new int[mels];
        float[][] weights = new float[mels][];
        for (int mel = 0; mel < mels; mel++) {
            double low = edges[mel];
            double middle = edges[mel + 1];
            double high = edges[mel + 2];
            double height = norm.height(high - low);
            // Edges that coincide would be 0 / 0 at a bin on them, for each filter there.
            if (!(low < middle && middle < high && height <= Float.MAX_VALUE)) {
                throw InvalidInputException.badParameter(
                        "fmax",
                        "so far above fmin, " + lowest + " Hz, that " + mels
                                + " filters have edges of their own, and heights that are floats",
                        highest);
            }
            int begin = (int) Math.ceil(low * fftSize / sampleRate);
            double[] run = new double[Math.max(0, (int) Math.floor(high * fftSize / sampleRate) + 1 - begin)];
            for (int i = 0; i < run.length; i++) {
                double hertz = (double) (begin + i) * sampleRate / fftSize;
                double slope = Math.min((hertz - low) / (middle - low), (high - hertz) / (high - middle));
                run[i] = Math.max(0, slope) * height;
            }
            first[mel] = keep(run, begin, weights, mel);
        }
        return new MelFilters(bins, first, weights);
    }

    /**
     * A bank of one's own.
     *
     * @param matrix [mels][bins], finite
     * @throws InvalidInputException {@code BAD_PARAMETER} for a negative weight
     */
    public static MelFilters of(float[][] matrix) {
        int bins = matrix[0].length;
        int[] first = new int[matrix.length];
        float[][] weights = new float[matrix.length][];
        for (int mel = 0; mel < matrix.length; mel++) {
            double[] all = new double[bins];
            for (int bin = 0; bin < bins; bin++) {
                all[bin] = matrix[mel][bin];
                if (!(all[bin] >= 0)) {
                    throw InvalidInputException.badParameter(
                            "a weight of the filterbank", ">= 0", all[bin] + " at [" + mel + ", " + bin + "]");
                }
            }
            first[mel] = keep(all, 0, weights, mel);
        }
        return new MelFilters(bins, first, weights);
    }

    /** Keeps the bins that are not 0, from {@code begin} on, and returns the first of them. */
    private static int keep(double[] all, int begin, float[][] weights, int mel) {
        int from = 0;
        while (from < all.length && (float) all[from] == 0) {
            from++;
        }
        int to = all.length;
        while (to > from && (float) all[to - 1] == 0) {
            to--;
        }
        weights[mel] = new float[to - from];
        for (int i = from; i < to; i++) {
            weights[mel][i - from] = (float) all[i];
        }
        return from == all.length ? 0 : begin + from;
    }

    public int mels() {
        return first.length;
    }

    public int bins() {
        return bins;
    }

    /** The first bin of a filter. */
    public int first(int mel) {
        return first[mel];
    }

    /** The weights of a filter, from its first bin on. Not to be modified. */
    public float[] weights(int mel) {
        return weights[mel];
    }

    /** The filters without a bin: they lie between two bins, and are silent whatever sounds. */
    public int[] empty() {
        return IntStream.range(0, mels())
                .filter(mel -> weights[mel].length == 0)
                .toArray();
    }

    /** The whole bank, [mels][bins]. */
    public float[][] matrix() {
        float[][] matrix = new float[mels()][bins];
        for (int mel = 0; mel < mels(); mel++) {
            System.arraycopy(weights[mel], 0, matrix[mel], first[mel], weights[mel].length);
        }
        return matrix;
    }

    /**
     * out = B a.
     *
     * @param a a frame's values, from {@code at} on. Not modified.
     * @param out Modified: its mels, from {@code to} on.
     */
    public void forward(float[] a, int at, float[] out, int to) {
        for (int mel = 0; mel < mels(); mel++) {
            float[] run = weights[mel];
            int from = at + first[mel];
            double sum = 0;
            for (int i = 0; i < run.length; i++) {
                sum += (double) run[i] * a[from + i];
            }
            out[to + mel] = (float) Math.min(Float.MAX_VALUE, sum);
        }
    }

    /**
     * out = B' c, the adjoint of {@link #forward}.
     *
     * @param c a frame's mels, from {@code at} on. Not modified.
     * @param out Modified: its bins, from {@code to} on.
     */
    public void adjoint(double[] c, int at, double[] out, int to) {
        Arrays.fill(out, to, to + bins, 0);
        for (int mel = 0; mel < mels(); mel++) {
            float[] run = weights[mel];
            int from = to + first[mel];
            double value = c[at + mel];
            for (int i = 0; i < run.length; i++) {
                out[from + i] += run[i] * value;
            }
        }
    }

    /**
     * The matrix B B' that both inverses need, 0 but near its diagonal for triangles: row i holds the entries of the
     * columns i, i - 1, ... An empty filter has 1 on the diagonal, so that it can be solved and changes nothing.
     */
    public double[][] gram() {
        double[][] gram = new double[mels()][band() + 1];
        Cancellation wanted = Cancellation.current();
        for (int i = 0; i < mels(); i++) {
            wanted.check();
            for (int d = 0; d < Math.min(gram[i].length, i + 1); d++) {
                gram[i][d] = dot(i, i - d);
            }
            gram[i][0] = weights[i].length == 0 ? 1 : gram[i][0];
        }
        return gram;
    }

    /** How far apart two filters that share a bin stand at most. */
    private int band() {
        int band = 0;
        for (int i = 0; i < mels(); i++) {
            for (int j = 0; j < i - band; j++) {
                if (first[j] < first[i] + weights[i].length && first[i] < first[j] + weights[j].length) {
                    band = i - j;
                }
            }
        }
        return band;
    }

    private double dot(int i, int j) {
        int from = Math.max(first[i], first[j]);
        int to = Math.min(first[i] + weights[i].length, first[j] + weights[j].length);
        double sum = 0;
        for (int bin = from; bin < to; bin++) {
            sum += (double) weights[i][bin - first[i]] * weights[j][bin - first[j]];
        }
        return sum;
    }

    /**
     * @param bins of a bank
     * @param expected those that n_fft has
     * @throws InvalidInputException {@code SHAPE_MISMATCH} unless they are as many
     */
    public static void checkBins(int bins, int expected) {
        if (bins != expected) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH, "the filterbank must have " + expected + " bins, n_fft/2+1, got " + bins);
        }
    }
}
