package dev.phasor.stft;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.util.Arrays;

/**
 * The overlapped squared window s[t] = sum_m w[t + P - m H]^2 of a number of frames, the denominator of the least-squares
 * inverse (Griffin, Lim 1984, eq. 6), on the samples 0..length - 1 of its output. Where every frame that could reach a
 * sample exists it has period H, so that only its two ends and one period are held.
 */
final class Overlap {

    /** NOLA (nonzero overlap-add): the smallest s, relative to the largest, that is divided by at all; torch's. */
    static final double THRESHOLD = 1e-11;

    /**
     * The rounding of float planes, relative 2^-25 or so, comes back divided by the root of s: this is the largest mean of
     * largest/s over the output that is accepted, so that the relative RMS error of a round trip stays below 1e-4: 2e-5 to be
     * expected, and more where the weak samples stand beside the loudest. A few weak samples at the end of a long signal
     * pass, a whole weak signal does not.
     */
    static final double LARGEST_MEAN_GAIN = 1e6;

    private final StftParameters parameters;
    private final int frames;
    private final int length;
    private final double[] squaredWindow;
    // Positions p = t + P count from the first sample of frame 0: the head, then the periodic part, then the tail.
    private final long headEnd;
    private final long tailStart;
    private final double[] head;
    private final double[] tail;
    /** By p modulo H; zeros beyond its end. */
    private final double[] period;
    /** {@link #period} in floats. */
    private final float[] floats;

    private final double largest;

    /** @throws InvalidInputException {@code NOLA} where a sample that the frames stand for cannot be recovered */
    Overlap(StftParameters parameters, double[] window, int frames, int length) {
        this.parameters = parameters;
        this.frames = frames;
        this.length = length;
        squaredWindow = new double[window.length];
        for (int n = 0; n < window.length; n++) {
            squaredWindow[n] = window[n] * window[n];
        }
        long end = window.length + (frames - 1L) * parameters.hopLength();
        headEnd = window.length - 1;
        tailStart = Math.max(headEnd, Math.min(end, (long) frames * parameters.hopLength()));
        head = sums(0, headEnd);
        tail = sums(tailStart, end);
        period = tailStart > headEnd ? period() : new double[0];
        floats = new float[period.length];
        for (int n = 0; n < period.length; n++) {
            floats[n] = (float) period[n];
        }
        largest = Math.max(max(head), Math.max(max(period), max(tail)));
        checkInvertible();
    }

    private double[] sums(long from, long to) {
        int hop = parameters.hopLength();
        double[] sums = new double[(int) (to - from)];
        for (int i = 0; i < sums.length; i++) {
            long p = from + i;
            long first = Math.max(0, Math.floorDiv(p - squaredWindow.length, hop) + 1);
            long last = Math.min(frames - 1, p / hop);
            for (long m = first; m <= last; m++) {
                sums[i] += squaredWindow[(int) (p - m * hop)];
            }
        }
        return sums;
    }

    private double[] period() {
        int hop = parameters.hopLength();
        double[] sums = new double[Math.min(hop, squaredWindow.length)];
        for (int n = 0; n < squaredWindow.length; n++) {
            sums[n % hop] += squaredWindow[n];
        }
        return sums;
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }

    boolean isFor(int otherFrames, int otherLength) {
        return frames == otherFrames && length == otherLength;
    }

    /**
     * Divides by s, which is diagonal and so its own adjoint. Beyond the longest signal that has so many frames: zeros.
     *
     * @param values of the samples {@code from}..{@code to} - 1. Not modified.
     * @param quotients of the samples 0..length - 1. Modified, from {@code from} to {@code to} - 1.
     */
    void divide(double[] values, int from, int to, float[] quotients) {
        int end = Math.max(from, Math.min(to, recoverable()));
        int phase = phase(from);
        for (int t = from; t < end; t++) {
            quotients[t] = (float) (values[t - from] / at(t, phase));
            phase = next(phase);
        }
        Arrays.fill(quotients, end, to, 0);
    }

    /**
     * Divides samples[t] by s[t] in place, t in from..to - 1, in floats as the samples are; beyond the longest signal that has so many
     * frames: zeros.
     */
    void divide(float[] samples, int from, int to) {
        int end = Math.max(from, Math.min(to, recoverable()));
        for (int t = from; t < end; ) {
            int phase = phase(t);
            long p = (long) t + parameters.pad();
            if (p >= headEnd && p < tailStart && phase < floats.length) {
                int count = (int) Math.min(Math.min(end - t, tailStart - p), floats.length - phase);
                divide(samples, t, floats, phase, count);
                t += count;
            } else {
                samples[t] = (float) (samples[t] / at(t, phase));
                t++;
            }
        }
        Arrays.fill(samples, end, to, 0);
    }

    private static void divide(float[] samples, int at, float[] divisors, int from, int count) {
        for (int i = 0; i < count; i++) {
            samples[at + i] /= divisors[from + i];
        }
    }

    /** The samples of the output that the frames stand for. */
    private int recoverable() {
        return (int) Math.min(length, parameters.longestLength(frames));
    }

    /** s[t]; {@code phase} is its place in the period. */
    private double at(int t, int phase) {
        long p = (long) t + parameters.pad();
        if (p < headEnd) {
            return head[(int) p];
        }
        if (p < tailStart) {
            return phase < period.length ? period[phase] : 0;
        }
        return p - tailStart < tail.length ? tail[(int) (p - tailStart)] : 0;
    }

    private int phase(int t) {
        return (int) (((long) t + parameters.pad()) % parameters.hopLength());
    }

    private int next(int phase) {
        return phase + 1 == parameters.hopLength() ? 0 : phase + 1;
    }

    /** The mean of largest/s over the samples that the frames stand for, those below the threshold left out. */
    private double meanGain() {
        double sum = 0;
        int phase = phase(0);
        for (int t = 0; t < recoverable(); t++) {
            double s = at(t, phase);
            phase = next(phase);
            sum += s >= THRESHOLD * largest && s > 0 ? largest / s : 0;
        }
        return sum / Math.max(1, recoverable());
    }

    private void checkInvertible() {
        double gain = meanGain();
        double needed = gain > LARGEST_MEAN_GAIN ? largest / LARGEST_MEAN_GAIN : THRESHOLD * largest;
        double smallest = Double.POSITIVE_INFINITY;
        int worst = 0;
        int firstLost = Integer.MAX_VALUE;
        int lastKept = -1;
        int phase = phase(0);
        for (int t = 0; t < recoverable(); t++) {
            double s = at(t, phase);
            phase = next(phase);
            if (s < smallest) {
                smallest = s;
                worst = t;
            }
            if (s >= needed && s > 0) {
                lastKept = t;
            } else {
                firstLost = Math.min(firstLost, t);
            }
        }
        if (firstLost < Integer.MAX_VALUE) {
            String rule = gain > LARGEST_MEAN_GAIN
                    ? "the largest value of the overlapped squared window over its value on a sample must be at most %s in the mean, got %s, the worst"
                            .formatted(LARGEST_MEAN_GAIN, gain)
                    : "the overlapped squared window must be at least %s of its largest value, %s, on every sample, got %s"
                            .formatted(THRESHOLD, largest, smallest);
            throw new InvalidInputException(
                    Code.NOLA,
                    "n_fft=%d, hop_length=%d, win_length=%d, window=%s, center=%b cannot be inverted: %s at sample %d; %s"
                            .formatted(
                                    parameters.fftSize(),
                                    parameters.hopLength(),
                                    parameters.windowLength(),
                                    parameters.window().kind().wireName(),
                                    parameters.centered(),
                                    rule,
                                    worst,
                                    advice(firstLost, lastKept)));
        }
    }

    private String advice(int firstLost, int lastKept) {
        if (lastKept >= 0 && firstLost > lastKept) {
            return "the samples from %d on are lost: ask for length <= %d, or use a smaller hop_length"
                    .formatted(firstLost, firstLost);
        }
        if (!parameters.centered() && firstLost < parameters.fftSize()) {
            return "the window is too near 0 at the ends: use center=true";
        }
        return "use a smaller hop_length or a window that is not near 0 at its ends";
    }
}
