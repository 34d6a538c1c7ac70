package dev.phasor.stft;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Rows;
import dev.phasor.stft.RealFft.Order;
import dev.phasor.stft.RealFft.Scale;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The loop over frames in both directions: from a signal to the spectra of its windowed frames, and from spectra to
 * windowed frames that are added up. Transforms and adjoints add scaling, padding, folding and division to it. The file
 * is long because each direction has a form for planes, for tiles and for rows, which share the scratch memory.
 */
final class Frames {

    private final StftParameters parameters;
    private final double[] window;
    private final RealFft fft;
    private final Order order;
    /** Buffers that no thread uses at the moment. */
    private final Queue<Scratch> free = new ConcurrentLinkedQueue<>();

    private final int left;
    private final int right;

    /** @param order of the values in each batch of the spectra */
    Frames(StftParameters parameters, double[] window, RealFft fft, Order order) {
        this.parameters = parameters;
        this.window = window;
        this.fft = fft;
        this.order = order;
        left = (parameters.fftSize() - parameters.windowLength()) / 2;
        right = left + parameters.windowLength();
    }

    /**
     * Z[k, m] = scale[k] sum_n w[n] x[m H + n - P] e^(-2 pi i k n / N), where {@code padMode} continues x.
     *
     * @param re Modified, as is {@code im}
     */
    void analyze(float[] samples, PadMode padMode, int frames, Scale scale, float[] re, float[] im) {
        int batch = fft.batch();
        Ranges.forEach(
                frames, re.length, batch, (from, to) -> analyze(samples, padMode, from, to, scale, re, im, from));
    }

    /**
     * {@link #analyze(float[], PadMode, int, Scale, float[], float[])} of the frames {@code from}..{@code to} - 1.
     *
     * @param at index in {@code re} and {@code im}, in frames, of the frame {@code from}
     */
    void analyze(float[] samples, PadMode padMode, int from, int to, Scale scale, float[] re, float[] im, int at) {
        int batch = fft.batch();
        int hop = parameters.hopLength();
        int size = fft.size();
        Cancellation wanted = Cancellation.current();
        Scratch scratch = borrow();
        for (int m = from; m < to; m += batch) {
            wanted.check();
            int count = Math.min(batch, to - m);
            int offset = (at + m - from) * parameters.bins();
            long start = (long) m * hop - parameters.pad();
            if (start >= 0 && start + (count - 1L) * hop + size <= samples.length) {
                scratch.fft.forward(samples, (int) start, hop, count, scale, re, im, offset);
            } else {
                for (int i = 0; i < count; i++) {
                    pad(samples, padMode, start + (long) i * hop, scratch.rows, i * size);
                }
                scratch.fft.forward(scratch.rows, 0, size, count, scale, re, im, offset);
            }
        }
        free.add(scratch);
    }

    /**
     * {@link #analyze} of frames that lie within the samples.
     *
     * @param start index of the first frame's first sample
     * @param re Modified from 0 on, as is {@code im}
     */
    void analyze(float[] samples, int start, int frames, float[] re, float[] im) {
        int batch = fft.batch();
        int hop = parameters.hopLength();
        Cancellation wanted = Cancellation.current();
        Scratch scratch = borrow();
        for (int m = 0; m < frames; m += batch) {
            wanted.check();
            int count = Math.min(batch, frames - m);
            scratch.fft.forward(samples, start + m * hop, hop, count, Scale.ONE, re, im, m * parameters.bins());
        }
        free.add(scratch);
    }

    /**
     * The sum of |Z - Y|^2 over the frames of {@link #analyze(float[], int, int, float[], float[])}, without a
     * transform.
     *
     * @param inverse of Y before the window, [frame][sample]
     */
    double squaredDistance(float[] samples, int start, int frames, float[] inverse) {
        Cancellation.current().check();
        Scratch scratch = borrow();
        double sum = 0;
        for (int m = 0; m < frames; m++) {
            sum += scratch.fft.squaredDistance(samples, start + m * parameters.hopLength(), inverse, m * fft.size());
        }
        free.add(scratch);
        return sum;
    }

    /**
     * The squares of what no inverse hears: the imaginary parts of bin 0 and, if N is even, of bin N/2.
     *
     * @param im of {@code frames} frames, from 0 on
     */
    double unheard(float[] im, int frames) {
        double sum = 0;
        for (int m = 0; m < frames; m++) {
            double first = im[index(m, 0)];
            double last = fft.size() % 2 == 0 ? im[index(m, fft.size() / 2)] : 0;
            sum += first * first + last * last;
        }
        return sum;
    }

    /** Copies N samples from {@code start} on, continued by the pad mode, to {@code frame} from {@code offset} on. */
    private void pad(float[] samples, PadMode padMode, long start, float[] frame, int offset) {
        for (int n = 0; n < fft.size(); n++) {
            long t = start + n;
            int source = t >= 0 && t < samples.length ? (int) t : padMode.source(t, samples.length);
            frame[offset + n] = source == PadMode.NONE ? 0 : samples[source];
        }
    }

    /** Frames that stand side by side in spectra of this order. */
    int lanes() {
        return order == Order.FRAMES ? 1 : fft.batch();
    }

    /** The window, n_fft values. Not to be modified. */
    double[] window() {
        return window;
    }

    /** The index of bin k of the m-th frame in spectra of this order. */
    int index(int m, int k) {
        int inBatch = m % fft.batch();
        return (m - inBatch) * parameters.bins() + order.index(inBatch, k, parameters.bins(), fft.batch());
    }

    /** Values that the spectra of {@code frames} frames occupy; the order {@code BINS} needs whole batches. */
    int room(int frames) {
        int batch = order == Order.FRAMES ? 1 : fft.batch();
        return (frames + batch - 1) / batch * batch * parameters.bins();
    }

    /**
     * Puts the values of consecutive frames in rows.
     *
     * @param values spectra in this order, from 0 on. Not modified.
     * @param first the number of the first frame
     * @param rows Modified.
     */
    void put(float[] values, int first, int frames, Rows rows) {
        int batch = fft.batch();
        int bins = parameters.bins();
        int step = rows.frameStep();
        float[] out = rows.values();
        int whole = step == 1 ? frames - frames % batch : 0;
        Scratch scratch = borrow();
        boolean isPut =
                whole > 0 && scratch.fft.put(values, whole, out, rows.at(0, first), rows.at(1, 0) - rows.at(0, 0));
        free.add(scratch);
        for (int k = 0; k < bins; k++) {
            int to = rows.at(k, first);
            for (int m = isPut ? whole : 0; m < frames; m += batch) {
                copy(values, m * bins + k * batch, 1, out, to + m * step, step, Math.min(batch, frames - m));
            }
        }
    }

    /**
     * Cuts consecutive frames out of rows.
     *
     * @param values Modified: spectra in this order, from 0 on.
     */
    void cut(Rows rows, int first, int frames, float[] values) {
        int batch = fft.batch();
        int bins = parameters.bins();
        int step = rows.frameStep();
        float[] in = rows.values();
        Scratch scratch = borrow();
        boolean isCut = scratch.fft.cut(in, rows.at(0, first), rows.at(1, 0) - rows.at(0, 0), step, frames, values);
        free.add(scratch);
        if (isCut) {
            return;
        }
        for (int k = 0; k < bins; k++) {
            int from = rows.at(k, first);
            for (int m = 0; m < frames; m += batch) {
                copy(in, from + m * step, step, values, m * bins + k * batch, 1, Math.min(batch, frames - m));
            }
        }
    }

    /** So few values that a call of System.arraycopy takes longer. */
    private static void copy(float[] in, int from, int inStep, float[] out, int to, int outStep, int count) {
        for (int i = 0; i < count; i++) {
            out[to + i * outStep] = in[from + i * inStep];
        }
    }

    private Scratch borrow() {
        Scratch scratch = free.poll();
        return scratch == null ? new Scratch() : scratch;
    }

    /** The buffers of one thread. */
    private final class Scratch {
        final RealFft.Worker fft = Frames.this.fft.worker(window, order);
        final float[] rows = new float[Frames.this.fft.batch() * Frames.this.fft.size()];
    }

    /**
     * The adjoint of {@link #analyze} without its padding, up to the scale: sum_m w[p - m H] y[p - m H, m], with y the
     * inverse transform of Z[., m], for the positions p = {@code from}..{@code to} - 1 of the padded signal. Frames are
     * added in order, so a sum does not depend on the range in which it is computed.
     *
     * @param sum Modified: the sum of position p is added to {@code sum[offset + p - from]}
     */
    void overlapAdd(float[] re, float[] im, int frames, Scale scale, long from, long to, double[] sum, int offset) {
        int hop = parameters.hopLength();
        int batch = fft.batch();
        int first = from < right ? 0 : (int) ((from - right) / hop + 1);
        int end = to <= left ? 0 : (int) Math.min(frames, (to - 1 - left) / hop + 1);
        Cancellation wanted = Cancellation.current();
        Scratch scratch = borrow();
        for (int m = first; m < end; m += batch) {
            wanted.check();
            int count = Math.min(batch, end - m);
            scratch.fft.inverse(re, im, m * parameters.bins(), count, scale, scratch.rows);
            addRows(scratch, scratch.rows, false, count, (long) m * hop, from, to, sum, offset);
        }
        free.add(scratch);
    }

    /**
     * {@link #overlapAdd} of tiles with planes of their own: {@code re[t]} and {@code im[t]} hold tile {@code t}.
     *
     * @param tileFrames frames of a tile, a multiple of the batch
     * @param frames of all tiles together
     * @param start the position of the first frame's first sample
     * @param zeros tiles that count as zeros, whatever they hold
     * @param inverses null, or modified: of each tile that is added the inverse before the window, [frame][sample],
     *     where the transform has it
     */
    void overlapAdd(
            float[][] re,
            float[][] im,
            boolean[] zeros,
            int tileFrames,
            int frames,
            Scale scale,
            long start,
            long from,
            long to,
            double[] sum,
            int offset,
            float @Nullable [] @Nullable [] inverses) {
        int hop = parameters.hopLength();
        int batch = fft.batch();
        Cancellation wanted = Cancellation.current();
        Scratch scratch = borrow();
        for (int m = 0; m < frames; m += batch) {
            int count = Math.min(batch, frames - m);
            long begin = start + (long) m * hop;
            if (begin + (count - 1L) * hop + right <= from || begin + left >= to) {
                continue;
            }
            wanted.check();
            int tile = m / tileFrames;
            if (zeros[tile]) {
                continue;
            }
            int at = m % tileFrames * parameters.bins();
            if (areZeros(re[tile], at, at + room(count)) && areZeros(im[tile], at, at + room(count))) {
                continue;
            }
            if (inverses != null && batch == tileFrames) {
                float[] inverse = new float[batch * fft.size()];
                if (scratch.fft.inverseUnwindowed(re[tile], im[tile], at, count, scale, inverse)) {
                    inverses[tile] = inverse;
                    addRows(scratch, inverse, true, count, begin, from, to, sum, offset);
                    continue;
                }
            }
            scratch.fft.inverse(re[tile], im[tile], at, count, scale, scratch.rows);
            addRows(scratch, scratch.rows, false, count, begin, from, to, sum, offset);
        }
        free.add(scratch);
    }

    /** Whether all are +0: the first is, and each is as the one before. */
    static boolean areZeros(float[] values, int from, int to) {
        return Float.floatToRawIntBits(values[from]) == 0 && Arrays.equals(values, from, to - 1, values, from + 1, to);
    }

    /** Adds a batch's frames to the positions {@code from}..{@code to} - 1. The first frame begins at {@code start}. */
    private void addRows(
            Scratch scratch,
            float[] rows,
            boolean isUnwindowed,
            int count,
            long start,
            long from,
            long to,
            double[] sum,
            int offset) {
        for (int i = 0; i < count; i++) {
            long begin = start + (long) i * parameters.hopLength();
            if (begin >= to) {
                return;
            }
            int at = offset + (int) (begin - from);
            int frame = i * fft.size();
            int first = (int) Math.max(left, from - begin);
            int stop = (int) Math.min(right, to - begin);
            if (first < stop) {
                if (isUnwindowed) {
                    scratch.fft.addWindowed(rows, frame + first, first, stop - first, sum, at + first);
                } else {
                    scratch.fft.add(rows, frame + first, stop - first, sum, at + first);
                }
            }
        }
    }

    /**
     * Adds the windowed inverse of each frame of a tile, in order, to the samples that it overlaps.
     *
     * @param at index in {@code out} of the first frame's first sample; what lies outside is left out
     * @param out Modified.
     */
    void add(float[] re, float[] im, long at, int frames, Scale scale, float[] out) {
        int batch = fft.batch();
        int hop = parameters.hopLength();
        Cancellation wanted = Cancellation.current();
        Scratch scratch = borrow();
        float[] y = scratch.rows;
        for (int m = 0; m < frames; m += batch) {
            wanted.check();
            int count = Math.min(batch, frames - m);
            long begin = at + (long) m * hop;
            int offset = m * parameters.bins();
            boolean inside = begin >= 0 && begin + (count - 1L) * hop + fft.size() <= out.length;
            if (inside && scratch.fft.inverseAdd(re, im, offset, count, scale, out, (int) begin, hop)) {
                continue;
            }
            scratch.fft.inverse(re, im, offset, count, scale, y);
            for (int i = 0; i < count; i++) {
                long start = begin + (long) i * hop;
                if (start >= out.length) {
                    break;
                }
                int from = (int) start;
                int frame = i * fft.size();
                int stop = (int) Math.min(right, out.length - start);
                for (int n = (int) Math.max(left, -start); n < stop; n++) {
                    out[from + n] += y[frame + n];
                }
            }
        }
        free.add(scratch);
    }
}
