package dev.phasor.operation;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An operation that is fed while it answers: samples or the values of frames in, samples or the values of frames out as
 * soon as they are known. What comes out does not depend on how the input is cut, and is what the operation answers for
 * the whole input, bit for bit. Not thread-safe.
 */
public abstract class LiveOperation {

    /** Receives the next values of the answer. The array is reused after the call. */
    @FunctionalInterface
    public interface Sink {
        void values(float[] values, int offset, int count);
    }

    private final String what;
    private final boolean takesSamples;
    private final float[] frame;
    private int filled;
    private long frames;

    /**
     * @param what what a frame holds, for messages
     * @param takesSamples whether samples come, not frames
     * @param frame values of a frame of the input; 1 where samples come
     */
    LiveOperation(String what, boolean takesSamples, int frame) {
        this.what = what;
        this.takesSamples = takesSamples;
        this.frame = new float[frame];
    }

    /** Whether samples come, not frames. */
    public boolean takesSamples() {
        return takesSamples;
    }

    /** Whether samples are answered, not frames. */
    public abstract boolean answersSamples();

    /** Values of a frame of the input; 1 where samples come. */
    public int valuesIn() {
        return frame.length;
    }

    /** Values of a frame of the answer; 1 where samples are answered. */
    public abstract int valuesOut();

    /** Samples from the first one of a frame, or of a hop, to its answer. */
    public abstract long latency();

    /** Samples from frame to frame. */
    public abstract int hopLength();

    /** What a client is told before it sends anything. */
    public Map<String, Object> ready() {
        Map<String, Object> ready = new LinkedHashMap<>();
        ready.put("latency_samples", latency());
        ready.put("hop_length", hopLength());
        ready.put("values_in", valuesIn());
        ready.put("values_out", valuesOut());
        return ready;
    }

    /**
     * Takes the next values; a frame may come in pieces.
     *
     * @param values Not modified.
     * @throws InvalidInputException {@code NON_FINITE_INPUT}, {@code NEGATIVE_MAGNITUDE}
     */
    public final void push(float[] values, int offset, int count) {
        check(values, offset, count);
        if (takesSamples) {
            samples(values, offset, count);
            frames += count;
            return;
        }
        for (int at = offset; at < offset + count; ) {
            int taken = Math.min(frame.length - filled, offset + count - at);
            System.arraycopy(values, at, frame, filled, taken);
            at += taken;
            filled += taken;
            if (filled == frame.length) {
                filled = 0;
                frame(frame);
                frames++;
            }
        }
    }

    private void check(float[] values, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (!isTaken(values[i])) {
                long position = frames * frame.length + filled + i - offset;
                String place = takesSamples
                        ? "sample " + position
                        : "frame " + position / frame.length + ", value " + position % frame.length;
                boolean negative = Float.isFinite(values[i]);
                throw new InvalidInputException(
                        negative ? Code.NEGATIVE_MAGNITUDE : Code.NON_FINITE_INPUT,
                        what + " must be " + (negative ? ">= 0" : "finite") + ", got " + values[i] + " at " + place);
            }
        }
    }

    /** Whether a value may come. */
    boolean isTaken(float value) {
        return Float.isFinite(value);
    }

    /** The next samples. */
    void samples(float[] values, int offset, int count) {
        throw new IllegalStateException("frames come");
    }

    /** The next frame. */
    void frame(float[] values) {
        throw new IllegalStateException("samples come");
    }

    /**
     * Nothing follows: answers what is left.
     *
     * @return the report
     * @throws InvalidInputException {@code SHAPE_MISMATCH} after a part of a frame, or too little for one; {@code NOLA}
     */
    public final Map<String, Object> end() {
        if (frames == 0 && filled == 0 && !takesSamples) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH, what + " must come before end, at least one frame, got none");
        }
        if (filled > 0) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    what + " must come in whole frames of " + frame.length + " values, got " + filled
                            + " values after frame " + frames);
        }
        return finish();
    }

    abstract Map<String, Object> finish();
}
