package dev.phasor.codec;

import java.util.Arrays;

/** Bits into bytes, most significant first: one frame. */
final class FlacBitWriter {

    private byte[] bytes = new byte[1 << 14];
    private int size;

    /** Bits that do not fill a byte yet, in the lowest {@link #pending} ones. */
    private long bits;

    private int pending;

    /** The lowest {@code count} bits, 0..32, of a number. */
    void bits(long value, int count) {
        bits = bits << count | value & ((1L << count) - 1);
        pending += count;
        if (size + 8 > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        for (; pending >= 8; pending -= 8) {
            bytes[size++] = (byte) (bits >> (pending - 8));
        }
    }

    /** As {@link FlacBitReader#rice} reads. */
    void rice(int residual, int parameter) {
        long folded = FlacPartitions.folded(residual);
        long quotient = folded >>> parameter;
        for (; quotient > 31; quotient -= 32) {
            bits(0, 32);
        }
        bits(1, (int) quotient + 1);
        bits(folded, parameter);
    }

    void fillByte() {
        bits(0, -pending & 7);
    }

    /** The CRC-8 of all whole bytes. */
    int crc8() {
        int crc = 0;
        for (int i = 0; i < size; i++) {
            crc = FlacCrc.crc8(crc, bytes[i]);
        }
        return crc;
    }

    /** The CRC-16 of all whole bytes. */
    int crc16() {
        return FlacCrc.crc16(0, bytes, 0, size);
    }

    /** Not to be modified; the first {@link #size} are written. */
    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
        bits = 0;
        pending = 0;
    }
}
