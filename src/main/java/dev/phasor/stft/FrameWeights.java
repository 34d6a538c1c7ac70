package dev.phasor.stft;

import dev.phasor.signal.Ranges;

/**
 * The weighted least-squares inverse: the signal x with the smallest sum over the frames m of v[m] ||frame m of x -
 * y[., m]||^2 is
 *
 * <pre>
 * x[t] = sum_m v[m] w[n] y[n, m] / s[t],   s[t] = sum_m v[m] w[n]^2,   n = t + P - m H
 * </pre>
 */
final class FrameWeights {

    private final float[] weight;
    private final int bins;
    /** 1/s, and 0 where no frame says anything. */
    private final float[] reciprocal;

    FrameWeights(float[] weight, StftParameters parameters, double[] window, int length) {
        this.weight = weight;
        bins = parameters.bins();
        reciprocal = new float[length];
        int hop = parameters.hopLength();
        int size = parameters.fftSize();
        Ranges.forEach(length, (long) length * Math.max(1, size / hop), 1, (from, to) -> {
            for (int t = from; t < to; t++) {
                long p = (long) t + parameters.pad();
                long last = Math.min(weight.length - 1, p / hop);
                double sum = 0;
                for (long m = Math.max(0, (p - size) / hop); m <= last; m++) {
                    int n = (int) (p - m * hop);
                    sum += n < size ? weight[(int) m] * window[n] * window[n] : 0;
                }
                reciprocal[t] = sum == 0 ? 0 : (float) (1 / sum);
            }
        });
    }

    /**
     * Multiplies frames of a tile by their weights.
     *
     * @param lanes see {@link FrameLoop#lanes}
     * @param re Modified, as is {@code im}
     */
    void multiply(int first, int frames, int lanes, float[] re, float[] im) {
        for (int begin = 0; begin < frames; begin += lanes) {
            int count = Math.min(lanes, frames - begin);
            int at = begin * bins;
            for (int k = 0; k < bins; k++, at += lanes) {
                for (int i = 0; i < count; i++) {
                    re[at + i] *= weight[first + begin + i];
                    im[at + i] *= weight[first + begin + i];
                }
            }
        }
    }

    /** @param out Modified: divided by s, from ≤ t < to. */
    void divide(float[] out, int from, int to) {
        for (int t = from; t < to; t++) {
            out[t] *= reciprocal[t];
        }
    }
}
