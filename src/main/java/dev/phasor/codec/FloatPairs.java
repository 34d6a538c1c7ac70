package dev.phasor.codec;

import dev.phasor.signal.VectorModule;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Complex numbers in bytes, little-endian: a real and an imaginary float32 each, moved as one number of 64 bits. */
final class FloatPairs {

    private static final boolean IN_LANES = VectorModule.isPresent();

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The exponents of both floats: all ones where one is not finite. */
    private static final long EXPONENTS = 0x7f80_0000_7f80_0000L;

    /** Added to the exponents it carries into the signs where they are all ones. */
    private static final long ONES = 0x0080_0000_0080_0000L;

    private static final long SIGNS = 0x8000_0000_8000_0000L;

    private FloatPairs() {}

    /**
     * @param re Modified, from {@code offset} on, as is {@code im}.
     * @return whether all are finite
     */
    static boolean split(byte[] bytes, int count, float[] re, float[] im, int offset) {
        int inLanes = IN_LANES ? count - count % VectorFloatPairs.COUNT : 0;
        boolean finite = inLanes == 0 || VectorFloatPairs.split(bytes, inLanes, re, im, offset);
        return split(bytes, inLanes, count, re, im, offset) && finite;
    }

    /** The pairs {@code from}..{@code count} - 1. */
    private static boolean split(byte[] bytes, int from, int count, float[] re, float[] im, int offset) {
        long carried = 0;
        for (int i = from; i < count; i++) {
            long pair = (long) LONGS.get(bytes, Long.BYTES * i);
            carried |= (pair & EXPONENTS) + ONES;
            re[offset + i] = Float.intBitsToFloat((int) pair);
            im[offset + i] = Float.intBitsToFloat((int) (pair >>> Integer.SIZE));
        }
        return (carried & SIGNS) == 0;
    }

    /** @param bytes Modified, from their start on. */
    static void join(float[] re, float[] im, int offset, int count, byte[] bytes) {
        int inLanes = IN_LANES ? count - count % VectorFloatPairs.COUNT : 0;
        if (inLanes > 0) {
            VectorFloatPairs.join(re, im, offset, inLanes, bytes);
        }
        join(re, im, offset, inLanes, count, bytes);
    }

    /** The pairs {@code from}..{@code count} - 1. */
    private static void join(float[] re, float[] im, int offset, int from, int count, byte[] bytes) {
        for (int i = from; i < count; i++) {
            long pair = Integer.toUnsignedLong(Float.floatToRawIntBits(re[offset + i]))
                    | (long) Float.floatToRawIntBits(im[offset + i]) << Integer.SIZE;
            LONGS.set(bytes, Long.BYTES * i, pair);
        }
    }
}
