package dev.phasor.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How WAV answers are written. Integers are rounded to the nearest of 2^(bits-1) steps per unit and clamped to their
 * range, which ends one step below 1; the inverse of {@link WavCoding}, bit by bit.
 */
public enum WavEncoding {
    FLOAT32(WavFmtChunk.IEEE_FLOAT, 4, 1),
    PCM16(WavFmtChunk.PCM, 2, 0x1p15f),
    PCM24(WavFmtChunk.PCM, 3, 0x1p23f);

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOATS =
            MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

    private final int formatTag;
    private final int bytes;
    private final float scale;

    WavEncoding(int formatTag, int bytes, float scale) {
        this.formatTag = formatTag;
        this.bytes = bytes;
        this.scale = scale;
    }

    int formatTag() {
        return formatTag;
    }

    /** Bytes of one sample. */
    int bytes() {
        return bytes;
    }

    /** Samples that are clipped: those that round to beyond the integer range, and NaN; none of floats. */
    long countClipped(float[] samples, int offset, int count) {
        if (this == FLOAT32) {
            return 0;
        }
        long clipped = 0;
        for (int i = offset; i < offset + count; i++) {
            double step = Math.rint(samples[i] * scale);
            clipped += step >= -scale && step < scale ? 0 : 1;
        }
        return clipped;
    }

    /**
     * Encodes one channel into interleaved frames; NaN becomes 0 in integers.
     *
     * @param out Modified: the first sample goes to {@code at}, the next ones {@code stride} bytes apart
     */
    void encode(float[] samples, int offset, int count, byte[] out, int at, int stride) {
        switch (this) {
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    FLOATS.set(out, at + i * stride, samples[offset + i]);
                }
            }
            case PCM16 -> {
                for (int i = 0; i < count; i++) {
                    SHORTS.set(out, at + i * stride, (short) step(samples[offset + i]));
                }
            }
            case PCM24 -> {
                for (int i = 0; i < count; i++) {
                    int step = step(samples[offset + i]);
                    int k = at + i * stride;
                    out[k] = (byte) step;
                    out[k + 1] = (byte) (step >> 8);
                    out[k + 2] = (byte) (step >> 16);
                }
            }
        }
    }

    private int step(float sample) {
        return (int) Math.max(-scale, Math.min(scale - 1, (float) Math.rint(sample * scale)));
    }
}
