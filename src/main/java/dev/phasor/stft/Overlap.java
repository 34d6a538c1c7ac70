package dev.phasor.stft;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Ranges;
import java.util.Arrays;

/**
 * The overlapped squared window s[t] = sum_m w[t + P - m H]^2 of a number of frames: the denominator of the
 * least-squares inverse (Griffin, Lim 1984, eq. 6) on its output's samples 0..length - 1. Between its ends s has period
 * H, so only the two ends and one period are held. The file is long because what is divided by and whether it may be
 * are told by the same three parts.
 */
final class Overlap {

    /** NOLA (nonzero overlap-add): the smallest s, relative to the largest, that is a valid divisor; torch's value. */
    static final double THRESHOLD = 1e-11;

    /**
     * The largest accepted mean of largest/s over the output. Float planes are rounded by about 2^-25 (relative), and
     * the inverse divides this error by the root of s. The limit keeps the relative RMS error of a round trip below
     * 1e-4: 2e-5 is expected, more where weak samples are next to the loudest. A few weak samples at the end of a long
     * signal pass, a signal of weak samples only does not.
     */
    static final double LARGEST_MEAN_GAIN = 1e6;

    /**
     * The least s, relative to the window's largest square, that the first and last samples of uncentered frames are
     * divided by. There the window begins and ends near 0, so samples below it fade to 0 instead of growing rounding
     * errors (2^-25 divided by the root of s).
     */
    static final double LEAST_OF_ENDS = 1e-6;

    private final StftParameters parameters;
    private final long frames;
    private final long length;
    private final double[] squaredWindow;
    // Positions p = t + P count from the first sample of frame 0: the head, then the periodic part, then the tail.
    private final long headEnd;
    private final long tailStart;
    private final long end;
    private final double[] head;
    private final double[] tail;
    /** s by p modulo H; zeros beyond the array's end. */
    private final double[] period;
    /** 1 / {@link #period}, and 0 where that is 0. */
    private final double[] gains;
    /** {@link #period} in floats. */
    private final float[] floats;

    private final Fade fade;
    private final double largest;

    /**
     * The overlap of more frames than any signal has. Before the last frames it is the overlap of any number of frames.
     */
    static Overlap endless(StftParameters parameters, double[] window) {
        return new Overlap(parameters, window, (1L << 61) / parameters.hopLength(), 0);
    }

    /** @throws InvalidInputException {@code NOLA} unless each sample before {@link #recoverable} can be recovered */
    Overlap(StftParameters parameters, double[] window, long frames, long length) {
        this.parameters = parameters;
        this.frames = frames;
        this.length = length;
        squaredWindow = new double[window.length];
        for (int n = 0; n < window.length; n++) {
            squaredWindow[n] = window[n] * window[n];
        }
        end = window.length + (frames - 1L) * parameters.hopLength();
        headEnd = window.length - 1;
        tailStart = Math.max(headEnd, Math.min(end, frames * parameters.hopLength()));
        head = head();
        tail = tail();
        period = tailStart > headEnd ? period() : new double[0];
        gains = new double[period.length];
        floats = new float[period.length];
        for (int n = 0; n < period.length; n++) {
            gains[n] = period[n] > 0 ? 1 / period[n] : 0;
            floats[n] = (float) period[n];
        }
        fade = parameters.framing() == Framing.NONE ? raiseEnds() : Fade.NONE;
        largest = Math.max(max(head), Math.max(max(period), max(tail)));
        checkInvertible();
    }

    /** Computes s[p] = w[p]^2 + s[p - H], which holds below p = frames H. */
    private double[] head() {
        int hop = parameters.hopLength();
        long framesEnd = frames * hop;
        double[] sums = new double[(int) headEnd];
        Ranges.inOrder(sums.length, (from, to) -> {
            for (int p = from; p < to; p++) {
                sums[p] = p < framesEnd ? squaredWindow[p] + (p < hop ? 0 : sums[p - hop]) : ofAllFrames(p);
            }
        });
        return sums;
    }

    private double ofAllFrames(int p) {
        double sum = 0;
        for (int m = 0; m < frames; m++) {
            sum += squaredWindow[p - m * parameters.hopLength()];
        }
        return sum;
    }

    /** Computes s[p] = w[q]^2 + s[p + H], where q is the index of p in the last frame. */
    private double[] tail() {
        int hop = parameters.hopLength();
        double[] sums = new double[(int) (end - tailStart)];
        int last = (int) (squaredWindow.length - sums.length);
        Ranges.inOrder(sums.length, (from, to) -> {
            for (int i = sums.length - 1 - from; i >= sums.length - to; i--) {
                sums[i] = squaredWindow[last + i] + (i + (long) hop < sums.length ? sums[i + hop] : 0);
            }
        });
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

    /** Raises s where it is least at the very start and the very end; gaps between frames are left as they are. */
    private Fade raiseEnds() {
        double least = LEAST_OF_ENDS * max(squaredWindow);
        int start = 0;
        while (start < head.length && head[start] < least) {
            head[start++] = least;
        }
        long stop = end;
        while (stop > tailStart && tail[(int) (stop - 1 - tailStart)] < least) {
            tail[(int) (--stop - tailStart)] = least;
        }
        // Of few frames the head is all there is. Samples before the next frame's first are divided while frames come.
        long next = frames * parameters.hopLength();
        while (stop <= headEnd && stop > Math.max(start, next) && head[(int) (stop - 1)] < least) {
            head[(int) --stop] = least;
        }
        // Of a signal, the samples behind the last frame are lost too.
        long last = Math.min(length, parameters.longestLength(frames));
        return new Fade(Math.min(start, last), Math.max(0, last - Math.max(stop, start)));
    }

    /** How many samples fade. */
    Fade fade() {
        return fade;
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }

    boolean isFor(long otherFrames, long otherLength) {
        return frames == otherFrames && length == otherLength;
    }

    /**
     * Divides by s. The map is diagonal, so it is its own adjoint. Samples beyond the longest signal of this number of
     * frames become 0.
     *
     * @param values of the samples {@code from}..{@code to} - 1. Not modified.
     * @param quotients of the samples 0..length - 1. Modified, from {@code from} to {@code to} - 1.
     */
    void divide(double[] values, int from, int to, float[] quotients) {
        int end = (int) Math.max(from, Math.min(to, recoverable()));
        divide(values, 0, from, end - from, quotients, from);
        Arrays.fill(quotients, end, to, 0);
    }

    /**
     * {@link #divide(double[], int, int, float[])} of {@code count} samples from {@code from} on. Samples that no frame
     * reaches become 0.
     *
     * @param offset index of the sample {@code from} in {@code values}. Not modified.
     * @param at index of the sample {@code from} in {@code quotients}. Modified.
     */
    void divide(double[] values, int offset, long from, int count, float[] quotients, int at) {
        for (int i = 0; i < count; ) {
            int phase = phase(from + i);
            long p = from + i + parameters.pad();
            if (p >= headEnd && p < tailStart && phase < gains.length) {
                int run = (int) Math.min(Math.min(count - i, tailStart - p), gains.length - phase);
                multiply(values, offset + i, gains, phase, run, quotients, at + i);
                i += run;
            } else {
                double weight = at(from + i, phase);
                quotients[at + i] = weight > 0 ? (float) (values[offset + i] / weight) : 0;
                i++;
            }
        }
    }

    private static void multiply(
            double[] values, int offset, double[] factors, int from, int count, float[] products, int at) {
        for (int i = 0; i < count; i++) {
            products[at + i] = (float) (values[offset + i] * factors[from + i]);
        }
    }

    /**
     * Divides samples[t] by s[t] in place and in float, for t in from..to - 1. Samples beyond the longest signal of
     * this number of frames become 0.
     */
    void divide(float[] samples, int from, int to) {
        int end = (int) Math.max(from, Math.min(to, recoverable()));
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

    /** The roots of s[t] over its largest where uncentered frames begin and end. */
    EndRoots roots() {
        if (parameters.framing() != Framing.NONE) {
            return EndRoots.NONE;
        }
        long stop = recoverable();
        int first = (int) Math.min(stop, headEnd);
        int last = (int) Math.max(first, Math.min(stop, tailStart));
        return new EndRoots(roots(0, first), last, roots(last, (int) stop));
    }

    private float[] roots(int from, int to) {
        float[] roots = new float[to - from];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = (float) Math.sqrt(at(from + i, phase(from + i)) / largest);
        }
        return roots;
    }

    /** Output samples that this number of frames determines; later samples are zeros. */
    long recoverable() {
        return Math.min(length, parameters.determined(frames));
    }

    /** s[t]; {@code phase} is the place of t in the period. */
    private double at(long t, int phase) {
        long p = t + parameters.pad();
        if (p < headEnd) {
            return head[(int) p];
        }
        if (p < tailStart) {
            return phase < period.length ? period[phase] : 0;
        }
        return p - tailStart < tail.length ? tail[(int) (p - tailStart)] : 0;
    }

    private int phase(long t) {
        return (int) ((t + parameters.pad()) % parameters.hopLength());
    }

    private void checkInvertible() {
        Weights all = new Weights(THRESHOLD * largest);
        if (all.meanGain() > LARGEST_MEAN_GAIN) {
            Weights needed = new Weights(largest / LARGEST_MEAN_GAIN);
            refuse(
                    needed,
                    ("the largest value of the overlapped squared window over its value on a sample must be at most"
                                    + " %s in the mean, got %.4g, the worst")
                            .formatted(LARGEST_MEAN_GAIN, all.meanGain()));
        }
        refuse(
                all,
                "the overlapped squared window must be at least %s of its largest value, %s, on every sample, got %s"
                        .formatted(THRESHOLD, largest, all.smallest));
    }

    private void refuse(Weights weights, String rule) {
        if (weights.firstLost == Long.MAX_VALUE) {
            return;
        }
        throw new InvalidInputException(
                Code.NOLA,
                "n_fft=%d, hop_length=%d, win_length=%d, window=%s, framing=%s cannot be inverted: %s at sample %d; %s"
                        .formatted(
                                parameters.fftSize(),
                                parameters.hopLength(),
                                parameters.windowLength(),
                                parameters.window().kind().wireName(),
                                parameters.framing().wireName(),
                                rule,
                                weights.worst,
                                advice(weights.firstLost, weights.lastKept)));
    }

    /**
     * Statistics of s over the recoverable samples. Head and tail are visited sample by sample, the periodic part as
     * one period with its number of repetitions, so the time does not grow with the signal's length.
     */
    private final class Weights {

        private final double needed;
        private final long first = parameters.pad();
        private final long last = first + recoverable();
        private double gains;
        private double smallest = Double.POSITIVE_INFINITY;
        private long worst;
        private long firstLost = Long.MAX_VALUE;
        private long lastKept = -1;

        /** @param needed the least s of a recoverable sample; 0 is never enough */
        Weights(double needed) {
            this.needed = needed;
            Ranges.inOrder(head.length, (from, to) -> {
                for (int p = from; p < to; p++) {
                    see(head[p], p, p, 1);
                }
            });
            periods();
            Ranges.inOrder(tail.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    see(tail[i], tailStart + i, tailStart + i, 1);
                }
            });
            // No frame reaches beyond the last one's end.
            see(0, Math.max(end, first), last - 1, 1);
        }

        private void periods() {
            long from = Math.max(first, headEnd);
            long to = Math.min(last, tailStart);
            long hop = parameters.hopLength();
            Ranges.inOrder(period.length, (begin, stop) -> {
                for (int phase = begin; phase < stop; phase++) {
                    long p = from + Math.floorMod(phase - from, hop);
                    if (p < to) {
                        long repetitions = (to - 1 - p) / hop;
                        see(period[phase], p, p + repetitions * hop, repetitions + 1);
                    }
                }
            });
            // If the hop is longer than the frame, s is 0 between the frames.
            long gap = from % hop < period.length ? from - from % hop + period.length : from;
            if (hop > period.length && gap < to) {
                see(0, gap, to - 1, 1);
            }
        }

        /**
         * Records a value of s that occurs at {@code count} positions, the first at {@code from}, the last at
         * {@code to}.
         */
        private void see(double s, long from, long to, long count) {
            if (from > to || from < first || to >= last) {
                return;
            }
            if (s < smallest) {
                smallest = s;
                worst = from - first;
            }
            if (s >= needed && s > 0) {
                lastKept = Math.max(lastKept, to - first);
            } else {
                firstLost = Math.min(firstLost, from - first);
            }
            gains += s >= THRESHOLD * largest && s > 0 ? largest / s * count : 0;
        }

        /** The mean of largest/s over the samples; samples below the threshold count as 0. */
        double meanGain() {
            return gains / Math.max(1, last - first);
        }
    }

    private String advice(long firstLost, long lastKept) {
        if (lastKept >= 0 && firstLost > lastKept) {
            return "the samples from %d on are lost: ask for length <= %d, or use a smaller hop_length"
                    .formatted(firstLost, firstLost);
        }
        if (parameters.framing() == Framing.NONE && firstLost < parameters.fftSize()) {
            return "the window is too near 0 there: use center=true";
        }
        return "use a smaller hop_length or a window that is not near 0 at its ends";
    }
}
