package dev.phasor.stft;

import dev.phasor.signal.Cancellation;
import java.util.Arrays;

/**
 * {@link Stft#inverse} of frames that arrive one after the other: samples come out as soon as no later frame reaches them.
 * Whether window and hop can be inverted is {@link Stft#checkInvertible}'s to say; samples without any weight are 0. Not
 * thread-safe.
 */
public final class SlidingSynthesis {

    /** Takes the next samples; the block is used again. */
    @FunctionalInterface
    public interface SampleSink {
        void samples(float[] block, int offset, int count);
    }

    private static final int BLOCK = 1 << 12;

    private final StftParameters parameters;
    private final FrameTransform transform;
    private final SampleSink sink;
    private final double[] frame;
    private final double[] squaredWindow;
    /** Sums of frames and of squared windows, from position {@link #base} of the padded signal on. */
    private final double[] sum;

    private final double[] weight;
    private final float[] block = new float[BLOCK];
    private int filled;
    private long base;
    private long nextFrame;
    private long delivered;

    public SlidingSynthesis(Stft stft, SampleSink sink) {
        this.parameters = stft.parameters();
        this.transform = stft.frameTransform();
        this.sink = sink;
        int size = parameters.fftSize();
        frame = new double[size];
        sum = new double[size];
        weight = new double[size];
        squaredWindow = new double[size];
        for (int n = 0; n < size; n++) {
            squaredWindow[n] = transform.window(n) * transform.window(n);
        }
    }

    /** @param re not modified, nor is {@code im} */
    public void push(float[] re, float[] im) {
        advance(nextFrame * parameters.hopLength(), Long.MAX_VALUE);
        transform.inverse(re, im, frame);
        for (int n = 0; n < frame.length; n++) {
            sum[n] += frame[n];
            weight[n] += squaredWindow[n];
        }
        nextFrame++;
    }

    /** The frames are over: the rest of a signal of {@code length} samples, zeros where no frame reaches. */
    public void end(long length) {
        advance(length + parameters.pad(), length);
        flush();
    }

    /** Delivers the samples before {@code position} of the padded signal, which are complete. */
    private void advance(long position, long length) {
        Cancellation wanted = Cancellation.current();
        while (base < position) {
            wanted.check();
            int count = (int) Math.min(position - base, sum.length);
            for (int i = 0; i < count; i++) {
                if (base + i >= parameters.pad() && delivered < length) {
                    deliver(weight[i] > 0 ? (float) (sum[i] / weight[i]) : 0);
                }
            }
            System.arraycopy(sum, count, sum, 0, sum.length - count);
            System.arraycopy(weight, count, weight, 0, weight.length - count);
            Arrays.fill(sum, sum.length - count, sum.length, 0);
            Arrays.fill(weight, weight.length - count, weight.length, 0);
            base += count;
        }
    }

    private void deliver(float sample) {
        block[filled++] = sample;
        delivered++;
        if (filled == BLOCK) {
            flush();
        }
    }

    private void flush() {
        int count = filled;
        filled = 0;
        if (count > 0) {
            sink.samples(block, 0, count);
        }
    }
}
