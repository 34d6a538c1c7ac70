package dev.phasor.stft;

import dev.phasor.stft.SlidingFrames.SampleSink;
import java.util.Arrays;

/**
 * {@link Stft#inverse} of frames that arrive one by one: a sample is handed out as soon as no later frame reaches it.
 * The samples are those of the inverse of all frames at once; {@link #push(float[], float[])} gives the same bits.
 * Memory holds one frame. Not thread-safe. The hop must be at most n_fft if more than one frame is pushed.
 */
public final class FrameSynthesis {

    private final Stft stft;
    private final StftParameters parameters;
    private final SampleSink sink;
    private final FrameTransform wide;
    private final double[] frame;
    /** Samples from frame to frame. */
    private final int step;
    /** Samples of a frame's first hop that exist however many frames follow. */
    private final int ready;
    /** The samples to deliver. */
    private final long limit;
    /** Sums of the frames, from the next frame's first sample on. */
    private final double[] sums;
    /** Sums from {@link #delivered} to the next frame's first sample; fewer than a hop. */
    private final float[] block;

    private Overlap overlap;
    /** Samples beyond the largest float become it. */
    private boolean saturates;

    private long frames;
    /** The position after the last one that was handed out, from frame 0's first sample on. */
    private long delivered;

    /** @param limit samples to deliver; {@code Long.MAX_VALUE} for the default length of the frames that come */
    public FrameSynthesis(Stft stft, long limit, SampleSink sink) {
        this.stft = stft;
        this.limit = limit;
        this.sink = sink;
        parameters = stft.parameters();
        wide = stft.frameTransform();
        int size = parameters.fftSize();
        frame = new double[size];
        step = Math.min(parameters.hopLength(), size);
        ready = Math.min(step, size - parameters.pad());
        sums = new double[size + step];
        block = new float[size + step];
        overlap = Overlap.endless(parameters, stft.window());
        delivered = parameters.pad();
    }

    /** The most bytes that an instance holds, without its {@link Stft}. */
    public static long bytes(TransformCost cost) {
        long size = cost.parameters().fftSize();
        return (3L * Double.BYTES + 2 * Float.BYTES) * size
                + Double.BYTES * size
                + cost.frameTransform()
                + cost.workers()
                + 2 * cost.overlap();
    }

    /** Frames pushed. */
    public long frames() {
        return frames;
    }

    /** Samples handed out. */
    public long delivered() {
        return delivered - parameters.pad();
    }

    /**
     * The next frame, with the transform of {@link Stft#inverse}.
     *
     * @param re one value a bin, as in {@code im}. Not modified.
     */
    public void push(float[] re, float[] im) {
        int size = parameters.fftSize();
        stft.rows().overlapAdd(re, im, 1, stft.inverseScale(), 0, size, sums, step);
        advance();
    }

    /**
     * The next frame, 2^exponent (re + i im), in double precision: nothing over- or underflows before the samples are
     * floats, and what is beyond them becomes the largest.
     *
     * @param re one value a bin, as in {@code im}. Not modified.
     */
    public void push(float[] re, float[] im, int exponent) {
        wide.inverse(re, im, frame);
        saturates = true;
        double factor = Math.scalb(1.0, exponent);
        for (int n = 0; n < frame.length; n++) {
            sums[step + n] += factor * frame[n];
        }
        advance();
    }

    /** The sums stand one hop behind the frame, for what the hop before could not hand out. */
    private void advance() {
        handOut(Math.min(frames * step + ready, total()));
        frames++;
        System.arraycopy(sums, step, sums, 0, sums.length - step);
        Arrays.fill(sums, sums.length - step, sums.length, 0);
    }

    private long total() {
        return limit == Long.MAX_VALUE ? limit : limit + parameters.pad();
    }

    /** Hands out up to a position; the sums begin one hop before the frame. */
    private void handOut(long end) {
        int count = (int) (end - delivered);
        if (count <= 0) {
            return;
        }
        int offset = (int) (delivered - (frames - 1) * step);
        long kept = Math.max(0, Math.min(count, recoverable() - delivered()));
        overlap.divide(sums, offset, delivered(), (int) kept, block, 0);
        Arrays.fill(block, (int) kept, count, 0);
        for (int i = 0; saturates && i < count; i++) {
            block[i] = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, block[i]));
        }
        delivered = end;
        sink.samples(block, 0, count);
    }

    /** While more frames may come, each sample that is handed out is one that they determine. */
    private long recoverable() {
        return isEnded ? overlap.recoverable() : Long.MAX_VALUE;
    }

    private boolean isEnded;

    /**
     * Hands out the samples that are left.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code NOLA} if the frames do not determine the samples;
     *     {@code BAD_PARAMETER} if no frame was pushed, or one that stands for no sample
     */
    public void end() {
        long length = limit == Long.MAX_VALUE ? parameters.defaultLength(Math.toIntExact(frames)) : limit;
        overlap = stft.overlap(frames, length);
        isEnded = true;
        long end = length + parameters.pad();
        handOut(Math.min(end, (frames - 1) * step + sums.length));
        while (delivered < end) {
            int count = (int) Math.min(block.length, end - delivered);
            Arrays.fill(block, 0, count, 0);
            delivered += count;
            sink.samples(block, 0, count);
        }
    }
}
