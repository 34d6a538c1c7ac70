package dev.phasor.signal;

import java.util.Arrays;

/**
 * One plane inside a larger array, for maps that treat each value by itself. The array is not copied; a caller must not
 * modify it after passing it in, unless it is an output.
 */
public final class Plane {

    private final float[] values;
    private final int offset;
    private final int size;

    /** @param offset of the plane's first value */
    public Plane(float[] values, int offset, int size) {
        this.values = values;
        this.offset = offset;
        this.size = size;
    }

    /** The whole array. */
    public static Plane of(float[] values) {
        return new Plane(values, 0, values.length);
    }

    /** The array that holds the plane. */
    public float[] values() {
        return values;
    }

    /** The position in {@link #values} of the plane's first value. */
    public int offset() {
        return offset;
    }

    public int size() {
        return size;
    }

    /** Its array, or a copy where that holds more. */
    float[] toArray() {
        return size == values.length ? values : Arrays.copyOfRange(values, offset, offset + size);
    }
}
