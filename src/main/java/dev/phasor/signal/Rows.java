package dev.phasor.signal;

/**
 * One plane inside a larger array, in the order of a request or an answer. The array is not copied; a caller must not
 * modify it after passing it in, unless it is an output.
 */
public final class Rows {

    private final float[] values;
    private final int offset;
    private final int frames;
    private final int binStep;
    private final int frameStep;

    /**
     * @param offset of the plane's first value
     * @param shape of the plane; its leading axes are not looked at
     */
    public Rows(float[] values, int offset, SpectrogramShape shape, PlaneOrder order) {
        this.values = values;
        this.offset = offset;
        this.frames = shape.frames();
        this.binStep = order == PlaneOrder.BINS_FIRST ? shape.frames() : 1;
        this.frameStep = order == PlaneOrder.BINS_FIRST ? 1 : shape.bins();
    }

    /** The array that holds the plane. */
    public float[] values() {
        return values;
    }

    public int frames() {
        return frames;
    }

    /** The position in {@link #values} of a bin in a frame. */
    public int at(int bin, int frame) {
        return offset + bin * binStep + frame * frameStep;
    }

    /** The distance in {@link #values} of a bin's values in two consecutive frames. */
    public int frameStep() {
        return frameStep;
    }
}
