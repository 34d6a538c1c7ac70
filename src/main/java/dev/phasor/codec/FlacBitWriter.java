package dev.phasor.codec;

import java.util.Arrays;

/** Packs the bits of one frame into bytes, most significant bit first. */
final class FlacBitWriter {

    private byte[] bytes = new byte[1 << 14];
    private int size;

    /** The {@link #pending} lowest bits do not fill a byte yet. */
    private long bits;

    private int pending;

    /** Appends the lowest {@code count} bits, 0..32, of a number. */
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

    /** Appends a residual in the code that {@link FlacBitReader#rice} reads. */
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

    /** The CRC-8 of all complete bytes. */
    int crc8() {
        int crc = 0;
        for (int i = 0; i < size; i++) {
            crc = FlacCrc.crc8(crc, bytes[i]);
        }
        return crc;
    }

    /** The CRC-16 of all complete bytes. */
    int crc16() {
        return FlacCrc.crc16(0, bytes, 0, size);
    }

    /** The buffer; its first {@link #size} bytes are written. Not to be modified. */
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
