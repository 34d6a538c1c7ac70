package dev.phasor.stft;

import dev.phasor.signal.Cancellation;
import org.jspecify.annotations.Nullable;

/**
 * {@link Stft#forward} of a signal that arrives in pieces, frame by frame: a frame is handed out as soon as its last
 * sample has arrived. {@link SlidingFrames} waits for whole tiles instead. The frames are bit-identical to those of the
 * whole signal, for any pieces. Memory holds one push and one frame. Not thread-safe.
 */
public final class PushedFrames {

    /** Receives the next frame. The arrays are reused after the call. */
    @FunctionalInterface
    public interface FrameSink {

        /** @param re one value a bin, as in {@code im} */
        void frame(float[] re, float[] im);
    }

    private final Stft stft;
    private final StftParameters parameters;
    private final @Nullable FrameTransform wide;
    private final double preemphasis;
    private final FrameSink sink;
    private final HeldSamples held;
    /** Each sample's predecessor. */
    private final HeldSamples before;

    private float last;
    private final float[] re;
    private final float[] im;
    private long next;

    /** Frames as {@link Stft#forward} makes them. */
    public PushedFrames(Stft stft, FrameSink sink) {
        this(stft, null, 0, sink);
    }

    private PushedFrames(Stft stft, @Nullable FrameTransform wide, double preemphasis, FrameSink sink) {
        this.stft = stft;
        this.wide = wide;
        this.preemphasis = preemphasis;
        this.sink = sink;
        parameters = stft.parameters();
        held = new HeldSamples(parameters);
        before = new HeldSamples(parameters);
        re = new float[parameters.bins()];
        im = new float[parameters.bins()];
    }

    /** Frames as {@link FrameTransform#analyze} makes them. */
    public static PushedFrames wide(Stft stft, double preemphasis, FrameSink sink) {
        return new PushedFrames(stft, stft.frameTransform(), preemphasis, sink);
    }

    /**
     * The most bytes that an instance holds, without its {@link Stft}.
     *
     * @param samples of the longest push
     */
    public static long bytes(TransformCost cost, int samples) {
        long held = samples + 4L * cost.parameters().fftSize();
        return 6L * Float.BYTES * held + cost.frameTransform() + 2 * cost.plane(1) + cost.workers();
    }

    /** Frames handed out. */
    public long frames() {
        return next;
    }

    /** Samples pushed. */
    public long length() {
        return held.length();
    }

    /** @param samples Not modified. */
    public void push(float[] samples, int offset, int count) {
        held.push(samples, offset, count);
        if (wide != null && count > 0) {
            float[] shifted = new float[count];
            shifted[0] = last;
            System.arraycopy(samples, offset, shifted, 1, count - 1);
            last = samples[offset + count - 1];
            before.push(shifted, 0, count);
        }
        advance(held.complete(next));
    }

    /**
     * Ends the signal, and hands out the frames that reach into the padding.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code SHAPE_MISMATCH} if the signal is too short for one frame
     */
    public void end() {
        long frames = parameters.framesOf(held.length());
        held.end(frames);
        if (wide != null) {
            before.end(frames);
        }
        advance(frames - next);
    }

    private void advance(long frames) {
        Cancellation wanted = Cancellation.current();
        for (long i = 0; i < frames; i++) {
            wanted.check();
            int start = held.index(next * parameters.hopLength());
            if (wide != null) {
                wide.forward(held.values(), before.values(), preemphasis, start, re, im);
            } else {
                stft.rows().analyze(held.values(), start, 1, re, im);
            }
            next++;
            sink.frame(re, im);
        }
        held.forget(next * parameters.hopLength());
        before.forget(next * parameters.hopLength());
    }
}
