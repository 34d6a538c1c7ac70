package dev.phasor.stft;

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
    private final FrameTransform wide;
    private final boolean isWide;
    private final FrameSink sink;
    private final HeldSamples held;
    private final float[] re;
    private final float[] im;
    private long next;

    /**
     * @param isWide transforms in double precision, as {@link FrameTransform} does; otherwise as {@link Stft#forward}
     */
    public PushedFrames(Stft stft, boolean isWide, FrameSink sink) {
        this.stft = stft;
        this.isWide = isWide;
        this.sink = sink;
        parameters = stft.parameters();
        wide = stft.frameTransform();
        held = new HeldSamples(parameters);
        re = new float[parameters.bins()];
        im = new float[parameters.bins()];
    }

    /**
     * The most bytes that an instance holds, without its {@link Stft}.
     *
     * @param samples of the longest push
     */
    public static long bytes(TransformCost cost, int samples) {
        long held = samples + 4L * cost.parameters().fftSize();
        return 3L * Float.BYTES * held + cost.frameTransform() + 2 * cost.plane(1) + cost.workers();
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
        advance(frames - next);
    }

    private void advance(long frames) {
        for (long i = 0; i < frames; i++) {
            int start = held.index(next * parameters.hopLength());
            if (isWide) {
                wide.forward(held.values(), start, re, im);
            } else {
                stft.rows().analyze(held.values(), start, 1, re, im);
            }
            next++;
            sink.frame(re, im);
        }
        held.forget(next * parameters.hopLength());
    }
}
