package dev.phasor.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The coding of one sample in a WAV file. Integers are divided by their container's full scale, 2^(bits-1), so 16-bit
 * samples are exact in float32. 8-bit integers are unsigned with their zero at 128. Floats are passed on, including NaN
 * and infinity; 64-bit floats are rounded to float32.
 */
public enum WavCoding {
    PCM_8(1),
    PCM_16(2),
    PCM_24(3),
    PCM_32(4),
    FLOAT_32(4),
    FLOAT_64(8),
    MU_LAW(1),
    A_LAW(1);

    private static final VarHandle SHORTS = view(short[].class);
    private static final VarHandle INTS = view(int[].class);
    private static final VarHandle FLOATS = view(float[].class);
    private static final VarHandle DOUBLES = view(double[].class);

    private final int bytes;

    WavCoding(int bytes) {
        this.bytes = bytes;
    }

    private static VarHandle view(Class<?> arrayType) {
        return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether samples may be larger than 1, and no numbers. */
    boolean isFloat() {
        return this == FLOAT_32 || this == FLOAT_64;
    }

    /** Bytes of one sample's container. */
    public int bytes() {
        return bytes;
    }

    /**
     * Decodes one channel of interleaved frames.
     *
     * @param in the first sample is at {@code at}, later samples follow every {@code stride} bytes
     * @param out Modified, from {@code offset} on.
     */
    void decode(byte[] in, int at, int stride, float[] out, int offset, int count) {
        switch (this) {
            case PCM_8 -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = ((in[at + i * stride] & 0xff) - 128) * 0x1p-7f;
                }
            }
            case PCM_16 -> {
                if (stride == bytes) {
                    decode16(in, at, out, offset, count);
                    return;
                }
                for (int i = 0; i < count; i++) {
                    out[offset + i] = (short) SHORTS.get(in, at + i * stride) * 0x1p-15f;
                }
            }
            case PCM_24 -> {
                for (int i = 0; i < count; i++) {
                    int k = at + i * stride;
                    int value = (in[k] & 0xff) | (in[k + 1] & 0xff) << 8 | in[k + 2] << 16;
                    out[offset + i] = value * 0x1p-23f;
                }
            }
            case PCM_32 -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = (int) INTS.get(in, at + i * stride) * 0x1p-31f;
                }
            }
            case FLOAT_32 -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = (float) FLOATS.get(in, at + i * stride);
                }
            }
            case FLOAT_64 -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = (float) (double) DOUBLES.get(in, at + i * stride);
                }
            }
            case MU_LAW -> expand(Companding.MU_LAW, in, at, stride, out, offset, count);
            case A_LAW -> expand(Companding.A_LAW, in, at, stride, out, offset, count);
        }
    }

    /** One channel alone, the usual file: a loop whose distances the compiler knows takes a quarter of the time. */
    private static void decode16(byte[] in, int at, float[] out, int offset, int count) {
        for (int i = 0; i < count; i++) {
            out[offset + i] = (short) SHORTS.get(in, at + Short.BYTES * i) * 0x1p-15f;
        }
    }

    private static void expand(float[] table, byte[] in, int at, int stride, float[] out, int offset, int count) {
        for (int i = 0; i < count; i++) {
            out[offset + i] = table[in[at + i * stride] & 0xff];
        }
    }
}
