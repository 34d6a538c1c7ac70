package dev.phasor.web.live;

import dev.phasor.codec.WavEncoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Values in binary messages, little-endian: float32, or samples as pcm16. A value may be cut between two messages. */
final class Wire {

    private static final float FULL_SCALE = 1 << 15;

    private final WavEncoding in;
    private final WavEncoding out;
    private final byte[] cut = new byte[Float.BYTES];
    private int filled;
    private long clipped;

    Wire(WavEncoding in, WavEncoding out) {
        this.in = in;
        this.out = out;
    }

    /** Whether a part of a value waits for its rest. */
    boolean isCut() {
        return filled > 0;
    }

    /** Samples that pcm16 clipped. */
    long clipped() {
        return clipped;
    }

    /** Bytes of a value that is answered. */
    int bytesOut() {
        return out.bytes();
    }

    /**
     * Reads the values that are complete.
     *
     * @param values Modified from 0 on.
     * @return their number
     */
    int read(ByteBuffer bytes, float[] values) {
        int count = 0;
        while (bytes.hasRemaining() && filled > 0) {
            cut[filled++] = bytes.get();
            if (filled == in.bytes()) {
                values[count++] = value(ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN));
                filled = 0;
            }
        }
        ByteBuffer rest = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        while (rest.remaining() >= in.bytes()) {
            values[count++] = value(rest);
        }
        while (rest.hasRemaining()) {
            cut[filled++] = rest.get();
        }
        bytes.position(bytes.limit());
        return count;
    }

    private float value(ByteBuffer bytes) {
        return in == WavEncoding.PCM16 ? bytes.getShort() / FULL_SCALE : bytes.getFloat();
    }

    /**
     * Writes values.
     *
     * @param bytes Modified: from {@code at} on
     */
    void write(float[] values, int offset, int count, byte[] bytes, int at) {
        clipped += out.countClipped(values, offset, count);
        out.encode(values, offset, count, bytes, at, out.bytes());
    }
}
