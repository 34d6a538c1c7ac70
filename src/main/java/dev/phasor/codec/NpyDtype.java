package dev.phasor.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The element types that are read from NPY. Floats are rounded to float32, where what is beyond its range becomes
 * infinite; integers are PCM and scaled to [-1, 1) by their full scale, unsigned ones with their zero at 128. Booleans,
 * as masks have them, are 0 and 1.
 */
public enum NpyDtype {
    FLOAT16("f2", 2),
    FLOAT32("f4", 4),
    FLOAT64("f8", 8),
    COMPLEX64("c8", 4),
    COMPLEX128("c16", 8),
    BOOL("b1", 1),
    UINT8("u1", 1),
    INT8("i1", 1),
    INT16("i2", 2),
    INT32("i4", 4);

    private final String code;
    private final int componentBytes;

    NpyDtype(String code, int componentBytes) {
        this.code = code;
        this.componentBytes = componentBytes;
    }

    /** numpy's name without the byte order, such as {@code f4}. */
    public String code() {
        return code;
    }

    public boolean isComplex() {
        return this == COMPLEX64 || this == COMPLEX128;
    }

    /** PCM samples, of no use as a spectrogram. */
    public boolean isInteger() {
        return code.charAt(0) == 'u' || code.charAt(0) == 'i';
    }

    /** Bytes of a real value, or of one part of a complex one. */
    public int componentBytes() {
        return componentBytes;
    }

    /** Float32 numbers that an element becomes: 2 if it is complex. */
    int components() {
        return isComplex() ? 2 : 1;
    }

    /** @throws dev.phasor.signal.InvalidInputException {@code MALFORMED_NPY} for a type that is not read */
    static NpyDtype of(String code) {
        for (NpyDtype dtype : values()) {
            if (dtype.code.equals(code)) {
                return dtype;
            }
        }
        throw Malformed.npy("dtype must be one of "
                + Arrays.stream(values()).map(NpyDtype::code).collect(Collectors.joining(", ")) + ", got "
                + Malformed.quoted(code));
    }

    /**
     * Decodes numbers in the buffer's byte order, from its position.
     *
     * @param out Modified, from {@code offset} on.
     */
    void decode(ByteBuffer in, float[] out, int offset, int count) {
        switch (this) {
            case FLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = Float16.toFloat(in.getShort());
                }
            }
            case FLOAT32, COMPLEX64 -> in.asFloatBuffer().get(out, offset, count);
            case FLOAT64, COMPLEX128 -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = (float) in.getDouble();
                }
            }
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = in.get() == 0 ? 0 : 1;
                }
            }
            case UINT8 -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = ((in.get() & 0xff) - 128) * 0x1p-7f;
                }
            }
            case INT8 -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = in.get() * 0x1p-7f;
                }
            }
            case INT16 -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = in.getShort() * 0x1p-15f;
                }
            }
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = in.getInt() * 0x1p-31f;
                }
            }
        }
    }
}
