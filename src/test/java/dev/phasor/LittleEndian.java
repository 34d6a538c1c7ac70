package dev.phasor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers as the bytes that files and tensors hold, without padding. */
public final class LittleEndian {

    private LittleEndian() {}

    public static byte[] floats(float... values) {
        ByteBuffer bytes = allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    public static byte[] doubles(double... values) {
        ByteBuffer bytes = allocate(Double.BYTES * values.length);
        bytes.asDoubleBuffer().put(values);
        return bytes.array();
    }

    /** Back from {@link #floats}. */
    public static float[] read(byte[] bytes) {
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    public static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
