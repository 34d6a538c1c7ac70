package dev.phasor.stft;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;

/**
 * The overlapped squared window s[t] = sum_m w[t + pad - m hop]^2 of a number of frames, the denominator of the
 * least-squares inverse (Griffin, Lim 1984, eq. 6), on the samples 0..length - 1 of the output. Where all frames that could
 * reach a sample exist it has period hop, so that only both ends and one period are held.
 */
final class Overlap {

    /**
     * NOLA (nonzero overlap-add): the smallest s, relative to the largest, that is inverted. Rounding of the float planes
     * to 2^-24 comes back divided by the root of it.
     */
    static final double THRESHOLD = 1e-10;

    private final StftParameters parameters;
    private final double[] squaredWindow;
    private final int frames;
    private final int length;
    private final long headEnd;
    private final long tailStart;
    private final double[] head;
    private final double[] period;
    private final double[] tail;
    private final double largest;

    Overlap(StftParameters parameters, double[] window, int frames, int length) {
        this.parameters = parameters;
        this.frames = frames;
        this.length = length;
        int size = parameters.fftSize();
        int hop = parameters.hopLength();
        squaredWindow = new double[size];
        for (int i = 0; i < size; i++) {
            squaredWindow[i] = window[i] * window[i];
        }
        // Positions count from the first sample of frame 0, which is the output's sample -pad.
        long end = size + (frames - 1L) * hop;
        headEnd = Math.min(size - 1, end);
        tailStart = Math.max(headEnd, Math.min((long) frames * hop, end));
        head = sums(0, headEnd);
        tail = sums(tailStart, end);
        period = tailStart > headEnd ? sums(headEnd, Math.min(headEnd + hop, tailStart)) : new double[0];
        largest = Math.max(max(head), Math.max(max(period), max(tail)));
    }

    private double[] sums(long from, long to) {
        int hop = parameters.hopLength();
        double[] sums = new double[(int) (to - from)];
        for (int i = 0; i < sums.length; i++) {
            long position = from + i;
            long last = Math.min(frames - 1, position / hop);
            for (long m = Math.max(0, (position - squaredWindow.length) / hop); m <= last; m++) {
                long n = position - m * hop;
                sums[i] += n < squaredWindow.length ? squaredWindow[(int) n] : 0;
            }
        }
        return sums;
    }

    private static double max(double[] values) {
        double max = 0;
        for (double value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    boolean isFor(int otherFrames, int otherLength) {
        return frames == otherFrames && length == otherLength;
    }

    /** The samples from 0 on that these frames can stand for; an output's further ones are zeros. */
    int covered() {
        return (int) Math.min(length, parameters.longestLength(frames));
    }

    /** s[t], t in 0..covered() - 1. */
    private double at(int t) {
        long position = (long) t + parameters.pad();
        if (position < headEnd) {
            return head[(int) position];
        }
        if (position < tailStart) {
            return period[(int) ((position - headEnd) % parameters.hopLength())];
        }
        long i = position - tailStart;
        return i < tail.length ? tail[(int) i] : 0;
    }

    /** Writes values[i] / s[from + i] to {@code samples[from + i]}, i in 0..to - from - 1, zeros beyond {@link #covered()}. */
    void divide(double[] values, int from, int to, float[] samples) {
        for (int t = from; t < to; t++) {
            samples[t] = t < covered() ? (float) (values[t - from] / at(t)) : 0;
        }
    }

    /** Divides samples[t] by s[t], all that is covered, in place. */
    void divide(float[] samples) {
        int covered = covered();
        int t = 0;
        for (; t < covered && t + parameters.pad() < headEnd; t++) {
            samples[t] = (float) (samples[t] / at(t));
        }
        float[] gain = new float[period.length];
        for (int i = 0; i < gain.length; i++) {
            gain[i] = (float) (1 / period[i]);
        }
        while (t < covered && t + parameters.pad() < tailStart) {
            int offset = (int) ((t + (long) parameters.pad() - headEnd) % gain.length);
            int run = (int) Math.min(Math.min(gain.length - offset, covered - t), tailStart - parameters.pad() - t);
            for (int i = 0; i < run; i++) {
                samples[t + i] *= gain[offset + i];
            }
            t += run;
        }
        for (; t < covered; t++) {
            samples[t] = (float) (samples[t] / at(t));
        }
    }

    /** The adjoint of {@link #divide(double[], int, int, float[])}, which is diagonal and so its own: samples[t] / s[t]. */
    float[] divideVjp(float[] dSamples) {
        float[] d = new float[dSamples.length];
        for (int t = 0; t < covered(); t++) {
            d[t] = (float) (dSamples[t] / at(t));
        }
        return d;
    }

    /** @throws InvalidInputException {@code NOLA} where a covered sample has too little overlap to be recovered */
    void check() {
        int worst = 0;
        double smallest = Double.POSITIVE_INFINITY;
        for (int t = 0; t < covered(); t++) {
            double s = at(t);
            if (s < smallest) {
                smallest = s;
                worst = t;
            }
        }
        if (!(smallest >= THRESHOLD * largest && largest > 0)) {
            throw new InvalidInputException(
                    Code.NOLA, "not invertible at " + worst + ": " + smallest + " of " + largest);
        }
    }
}
