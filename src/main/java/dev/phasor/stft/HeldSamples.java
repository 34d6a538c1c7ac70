package dev.phasor.stft;

import java.util.Arrays;

/**
 * The samples of a signal that arrives in pieces, padded at both ends, from the first sample of the next frame on.
 * Positions count from the first sample of frame 0. Memory holds one push, a frame and the padding.
 */
final class HeldSamples {

    private final StftParameters parameters;

    /** Samples of the padded signal, from position {@link #from} on. */
    private float[] values = new float[0];

    private long from;
    private int count;
    private long length;
    private boolean padded;

    HeldSamples(StftParameters parameters) {
        this.parameters = parameters;
    }

    /** Samples that were pushed, without padding. */
    long length() {
        return length;
    }

    /** @param samples Not modified. */
    void push(float[] samples, int offset, int pushed) {
        append(samples, offset, pushed);
        length += pushed;
        // Reflection at the start needs the first pad + 1 samples.
        if (!padded && count > parameters.pad()) {
            padStart();
        }
    }

    /**
     * Appends the padding, and zeros up to the end of the last frame that begins in the padded signal.
     *
     * @param frames frames of the whole signal; 0 for no padding at the end
     */
    void end(long frames) {
        if (!padded) {
            padStart();
        }
        if (frames > 0) {
            padEnd();
            long beginning = (from + count - 1) / parameters.hopLength();
            long last = Math.min(frames - 1, beginning) * parameters.hopLength() + parameters.fftSize();
            int missing = (int) Math.max(0, last - from - count);
            append(new float[missing], 0, missing);
        }
    }

    /** Frames from {@code next} on whose samples are held. */
    long complete(long next) {
        long last = from + count - parameters.fftSize();
        return !padded || last < 0 ? 0 : Math.max(0, last / parameters.hopLength() + 1 - next);
    }

    /** The array that holds the samples; another one after each push. */
    float[] values() {
        return values;
    }

    /** The index of a position in {@link #values}. */
    int index(long position) {
        return (int) (position - from);
    }

    /** Drops the samples before a position, but for those that the padding at the end needs. */
    void forget(long position) {
        long all = from + count;
        long keep = position == Long.MAX_VALUE ? all : Math.min(position, all - parameters.pad() - 1);
        int drop = (int) Math.max(0, Math.min(count, keep - from));
        if (drop > 0) {
            System.arraycopy(values, drop, values, 0, count - drop);
            from += drop;
            count -= drop;
        }
    }

    private void padStart() {
        padded = true;
        int pad = parameters.pad();
        int there = count;
        append(new float[pad], 0, pad);
        System.arraycopy(values, 0, values, pad, there);
        for (int i = 0; i < pad; i++) {
            int source = parameters.padMode().source(i - (long) pad, there);
            values[i] = source == PadMode.NONE ? 0 : values[pad + source];
        }
    }

    /** Appends the padding. The last pad + 1 samples, or the whole of a shorter signal, are always held. */
    private void padEnd() {
        int pad = parameters.pad();
        long first = Math.max(0, length - pad - 1);
        int last = (int) (length - first);
        int at = (int) (first + pad - from);
        float[] padding = new float[pad];
        for (int i = 0; i < pad; i++) {
            int source = parameters.padMode().source((long) last + i, last);
            padding[i] = source == PadMode.NONE ? 0 : values[at + source];
        }
        append(padding, 0, pad);
    }

    private void append(float[] samples, int offset, int added) {
        if (count + added > values.length) {
            values = Arrays.copyOf(values, Math.max(count + added, values.length + values.length / 2));
        }
        System.arraycopy(samples, offset, values, count, added);
        count += added;
    }
}
