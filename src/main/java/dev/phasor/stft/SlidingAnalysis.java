package dev.phasor.stft;

import dev.phasor.signal.Cancellation;
import java.util.Arrays;

/**
 * {@link Stft#forward} of a signal that arrives in blocks: frames come out as soon as their last sample is in, and no more of the
 * signal is held than a frame and its padding need. Not thread-safe.
 */
public final class SlidingAnalysis {

    /** Takes one frame; the planes are used again for the next one. */
    @FunctionalInterface
    public interface FrameSink {
        void frame(float[] re, float[] im);
    }

    private final StftParameters parameters;
    private final FrameTransform transform;
    private final FrameSink sink;
    private final float[] re;
    private final float[] im;
    /** Samples of the padded signal from position {@link #base} on. */
    private double[] held = new double[0];

    private long base;
    private int count;
    private long length;
    private long nextFrame;
    private boolean begun;

    public SlidingAnalysis(Stft stft, FrameSink sink) {
        this.parameters = stft.parameters();
        this.transform = stft.frameTransform();
        this.sink = sink;
        re = new float[parameters.bins()];
        im = new float[parameters.bins()];
    }

    /** @param block not modified */
    public void push(float[] block, int offset, int samples) {
        reserve(samples);
        for (int i = 0; i < samples; i++) {
            held[count + i] = block[offset + i];
        }
        count += samples;
        length += samples;
        // Reflection at the start looks pad samples ahead.
        if (!begun && count > parameters.pad()) {
            begin();
        }
        if (begun) {
            frames(Long.MAX_VALUE);
            forget();
        }
    }

    /**
     * The signal is over: its last frames, which see the padding.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code SHAPE_MISMATCH} if it was too short for one frame
     */
    public void end() {
        int frames = parameters.frames((int) Math.min(Integer.MAX_VALUE, length));
        long total = length > Integer.MAX_VALUE
                ? 1 + (length + 2L * parameters.pad() - parameters.fftSize()) / parameters.hopLength()
                : frames;
        if (!begun) {
            begin();
        }
        int pad = parameters.pad();
        reserve(pad);
        // The last pad + 1 samples are always held; where the signal is shorter than that, all of it is.
        long first = Math.max(0, length - pad - 1);
        int last = (int) (length - first);
        for (int i = 0; i < pad; i++) {
            int source = parameters.padMode().source((long) last + i, last);
            held[count + i] = source == PadMode.NONE ? 0 : held[(int) (first + source + pad - base)];
        }
        count += pad;
        frames(total);
    }

    private void begin() {
        begun = true;
        int pad = parameters.pad();
        double[] padded = new double[pad + count];
        for (int i = 0; i < pad; i++) {
            int source = parameters.padMode().source(i - (long) pad, count);
            padded[i] = source == PadMode.NONE ? 0 : held[source];
        }
        System.arraycopy(held, 0, padded, pad, count);
        held = padded;
        count += pad;
    }

    private void frames(long end) {
        long hop = parameters.hopLength();
        Cancellation wanted = Cancellation.current();
        while (nextFrame < end && nextFrame * hop + parameters.fftSize() <= base + count) {
            wanted.check();
            transform.forward(held, (int) (nextFrame * hop - base), re, im);
            nextFrame++;
            sink.frame(re, im);
        }
    }

    /** Drops what neither the next frame nor the padding at the end can need. */
    private void forget() {
        long keep = Math.min(nextFrame * parameters.hopLength(), base + count - parameters.pad() - 1);
        int drop = (int) Math.max(0, Math.min(count, keep - base));
        if (drop > 0) {
            System.arraycopy(held, drop, held, 0, count - drop);
            base += drop;
            count -= drop;
        }
    }

    private void reserve(int more) {
        if (count + more > held.length) {
            held = Arrays.copyOf(held, Math.max(count + more, held.length + held.length / 2));
        }
    }
}
