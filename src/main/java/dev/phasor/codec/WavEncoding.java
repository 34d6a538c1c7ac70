package dev.phasor.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The encoding of WAV answers, the exact inverse of {@link WavCoding}. {@link Pcm} converts samples to integers. */
public enum WavEncoding {
    FLOAT32(WavFmtChunk.IEEE_FLOAT, 4),
    PCM16(WavFmtChunk.PCM, 2),
    PCM24(WavFmtChunk.PCM, 3);

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOATS =
            MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

    private final int formatTag;
    private final int bytes;
    private final Pcm pcm;

    WavEncoding(int formatTag, int bytes) {
        this.formatTag = formatTag;
        this.bytes = bytes;
        this.pcm = new Pcm(Math.min(24, 8 * bytes));
    }

    int formatTag() {
        return formatTag;
    }

    /** Bytes of one sample. */
    public int bytes() {
        return bytes;
    }

    /** Bits of one sample. */
    public int bits() {
        return 8 * bytes;
    }

    /** The number of clipped samples: samples that round beyond the integer range, and NaN. 0 for float encodings. */
    public long countClipped(float[] samples, int offset, int count) {
        return this == FLOAT32 ? 0 : pcm.countClipped(samples, offset, count);
    }

    /**
     * Encodes one channel into interleaved frames. In integer encodings NaN becomes 0.
     *
     * @param out Modified: the first sample goes to {@code at}, later samples follow every {@code stride} bytes
     */
    public void encode(float[] samples, int offset, int count, byte[] out, int at, int stride) {
        switch (this) {
            case FLOAT32 -> {
                if (stride == bytes) {
                    encodeFloats(samples, offset, count, out, at);
                    return;
                }
                for (int i = 0; i < count; i++) {
                    FLOATS.set(out, at + i * stride, samples[offset + i]);
                }
            }
            case PCM16 -> {
                if (stride == bytes) {
                    encode16(samples, offset, count, out, at);
                    return;
                }
                for (int i = 0; i < count; i++) {
                    SHORTS.set(out, at + i * stride, (short) pcm.quantize(samples[offset + i]));
                }
            }
            case PCM24 -> {
                for (int i = 0; i < count; i++) {
                    int step = pcm.quantize(samples[offset + i]);
                    int k = at + i * stride;
                    out[k] = (byte) step;
                    out[k + 1] = (byte) (step >> 8);
                    out[k + 2] = (byte) (step >> 16);
                }
            }
        }
    }

    /** One channel alone, as {@link #encode16}: a loop whose distances the compiler knows takes half of the time. */
    private static void encodeFloats(float[] samples, int offset, int count, byte[] out, int at) {
        for (int i = 0; i < count; i++) {
            FLOATS.set(out, at + Float.BYTES * i, samples[offset + i]);
        }
    }

    private void encode16(float[] samples, int offset, int count, byte[] out, int at) {
        for (int i = 0; i < count; i++) {
            SHORTS.set(out, at + Short.BYTES * i, (short) pcm.quantize(samples[offset + i]));
        }
    }
}
