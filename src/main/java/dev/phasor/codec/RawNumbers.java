package dev.phasor.codec;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.signal.Finiteness;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers without a header, as in tensor protocols: little-endian, row-major, without padding. */
public final class RawNumbers {

    /** A multiple of every element's size. */
    private static final int BUFFER_BYTES = 1 << 16;

    private RawNumbers() {}

    /**
     * Reads exactly as many numbers as the shape holds.
     *
     * @param dtype a real type
     * @param used bytes of earlier arrays, which count against {@code limits} too
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} if the stream ends too early,
     *     {@code TOO_LARGE} if the shape exceeds the limits
     */
    public static NpyArray read(InputStream in, NpyDtype dtype, Shape shape, CodecLimits limits, long used)
            throws IOException {
        int count = shape.count();
        limits.check("array of shape " + shape, used, (long) Float.BYTES * count);
        GrowingFloats values = new GrowingFloats(count, limits);
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int size = dtype.componentBytes();
        boolean finite = true;
        for (int done = 0; done < count; ) {
            int wanted = (int) Math.min((long) (count - done) * size, BUFFER_BYTES);
            int got = in.readNBytes(buffer.array(), 0, wanted);
            if (got < wanted) {
                throw badParameter(
                        "the data of shape " + shape, (long) count * size + " bytes", (long) done * size + got);
            }
            buffer.clear().limit(wanted);
            float[] numbers = values.ensure(done + wanted / size);
            dtype.decode(buffer, numbers, done, wanted / size);
            finite = finite && Finiteness.of(numbers, done, done + wanted / size);
            done += wanted / size;
        }
        return NpyArray.of(NpyDtype.FLOAT32, shape, values.ensure(count), null, finite);
    }

    /**
     * Reads numbers that are in memory, all that the buffer holds.
     *
     * @param bytes as many as the shape needs; its position is not moved
     * @param used as {@link #read(InputStream, NpyDtype, Shape, CodecLimits, long)}
     */
    public static NpyArray read(ByteBuffer bytes, NpyDtype dtype, Shape shape, CodecLimits limits, long used) {
        float[] values = room(shape, limits, used);
        dtype.decode(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN), values, 0, values.length);
        return NpyArray.real(shape, values);
    }

    /** An array for as many numbers as the shape holds, once the limits allow it. */
    public static float[] room(Shape shape, CodecLimits limits, long used) {
        long bytes = (long) Float.BYTES * shape.count();
        limits.check("array of shape " + shape, used, bytes);
        limits.take(bytes);
        return new float[shape.count()];
    }

    /** The bytes of float32 numbers. */
    public static byte[] bytes(float[] values) {
        byte[] bytes = new byte[Math.multiplyExact(Float.BYTES, values.length)];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        return bytes;
    }

    /** Writes float32; the stream is neither flushed nor closed. */
    public static void write(float[] values, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int most = BUFFER_BYTES / Float.BYTES;
        for (int done = 0; done < values.length; done += most) {
            int count = Math.min(most, values.length - done);
            buffer.asFloatBuffer().put(values, done, count);
            out.write(buffer.array(), 0, Float.BYTES * count);
        }
    }
}
