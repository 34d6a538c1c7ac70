package dev.phasor.signal;

/**
 * One plane [bin][frame] inside a larger array, as it stands in a request or an answer. The array is not copied; a
 * caller must not modify it after passing it in, unless it is an output.
 */
public final class Rows {

    private final float[] values;
    private final int offset;
    private final int frames;

    /** @param offset of the first value of the first bin */
    public Rows(float[] values, int offset, int frames) {
        this.values = values;
        this.offset = offset;
        this.frames = frames;
    }

    /** The array that holds the plane. */
    public float[] values() {
        return values;
    }

    /** The values of one bin. */
    public int frames() {
        return frames;
    }

    /** The position in {@link #values} of a bin in a frame. */
    public int at(int bin, int frame) {
        return offset + bin * frames + frame;
    }
}
