package dev.phasor.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The element types of readable NPY files. Floats are rounded to float32 and become infinite beyond its range. Integers
 * are PCM and divided by their full scale to [-1, 1); unsigned integers have their zero at 128. Booleans, as in masks,
 * become 0 and 1.
 */
public enum NpyDtype {
    FLOAT16("f2", 2),
    /** The upper half of a float32. Tensor protocols have it; numpy, and so a file, does not. */
    BFLOAT16("bf2", 2),
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

    /** Whether the type is PCM, which cannot hold a spectrogram. */
    public boolean isInteger() {
        return code.charAt(0) == 'u' || code.charAt(0) == 'i';
    }

    /** Bytes of a real value, or of one part of a complex value. */
    public int componentBytes() {
        return componentBytes;
    }

    /** The float32 numbers per element: 2 for a complex type, else 1. */
    int components() {
        return isComplex() ? 2 : 1;
    }

    /** @throws dev.phasor.signal.InvalidInputException {@code MALFORMED_NPY} for an unsupported type */
    static NpyDtype of(String code) {
        for (NpyDtype dtype : values()) {
            if (dtype.code.equals(code) && dtype != BFLOAT16) {
                return dtype;
            }
        }
        throw Malformed.npy("dtype must be one of "
                + Arrays.stream(values())
                        .filter(dtype -> dtype != BFLOAT16)
                        .map(NpyDtype::code)
                        .collect(Collectors.joining(", "))
                + ", got "
                + Malformed.quoted(code)
                + "; convert it first, as array.astype(numpy.float32)");
    }

    /**
     * Decodes numbers from the buffer's position on, in its byte order.
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
            case BFLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    out[offset + i] = Float.intBitsToFloat(in.getShort() << 16);
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
