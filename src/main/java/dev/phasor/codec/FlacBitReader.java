package dev.phasor.codec;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A stream as bits, most significant first, with the CRC-16 of those of the current frame. Holds 16 KiB, no more. */
final class FlacBitReader {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int CAPACITY = 1 << 14;

    /** Bits of a window that are valid wherever in a byte it begins. */
    private static final int WINDOW = 57;

    private static final long MAX_FOLDED = 0xffffffffL;

    private final InputStream in;

    /** The bytes after {@link #limit}, as many as a window may touch, are 0. */
    private final byte[] buffer = new byte[CAPACITY + Long.BYTES];

    /** In bits; the end of what was read in bytes. */
    private int position;

    private int limit;
    private int summed;
    private int crc;

    FlacBitReader(InputStream in) {
        this.in = in;
    }

    /** Whether no byte is left, at the border of a byte. */
    boolean atEnd() throws IOException {
        return position == 8 * limit && !fill(8);
    }

    /** An unsigned number of 1 to 57 bits. */
    long bits(int count) throws IOException {
        require(count);
        long value = window() >>> (64 - count);
        position += count;
        return value;
    }

    /** A two's complement number of 1 to 57 bits. */
    long signed(int count) throws IOException {
        require(count);
        long value = window() >> (64 - count);
        position += count;
        return value;
    }

    /** The number of 0 bits before the next 1 bit, which is read too. */
    long unary() throws IOException {
        for (long zeros = 0; ; ) {
            require(1);
            int present = Math.min(WINDOW, 8 * limit - position);
            int leading = Long.numberOfLeadingZeros(window());
            if (leading < present) {
                position += leading + 1;
                return zeros + leading;
            }
            position += present;
            zeros += present;
        }
    }

    /** Rice-coded residuals (RFC 9639, 9.2.7.3). */
    void rice(int parameter, long[] out, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            long window = window();
            int quotientBits = Long.numberOfLeadingZeros(window) + 1;
            int size = quotientBits + parameter;
            long folded;
            if (size <= WINDOW && position + size <= 8 * limit) {
                folded = (long) (quotientBits - 1) << parameter | window << quotientBits >>> 1 >>> (63 - parameter);
                position += size;
            } else {
                long quotient = unary();
                if (quotient > MAX_FOLDED >>> parameter) {
                    throw Malformed.flac("a residual must fit in 32 bits");
                }
                folded = quotient << parameter | (parameter == 0 ? 0 : bits(parameter));
            }
            out[i] = folded >>> 1 ^ -(folded & 1);
        }
    }

    /** Passes over bytes, from the border of one. */
    void skipBytes(int count) throws IOException {
        int left = count;
        while (left > 0) {
            require(8);
            int step = Math.min(left, limit - position / 8);
            position += 8 * step;
            left -= step;
        }
    }

    /** Begins a frame, at the border of a byte. */
    void startChecksum() {
        summed = position / 8;
        crc = 0;
    }

    /** The CRC-16 of all since {@link #startChecksum}, up to a border of a byte, to which this goes over 0 bits. */
    int checksum() throws IOException {
        int padding = -position & 7;
        if (padding > 0 && bits(padding) != 0) {
            throw Malformed.flac("the bits that fill up the last byte of a frame must be 0");
        }
        sum();
        return crc;
    }

    private void sum() {
        crc = FlacCrc.crc16(crc, buffer, summed, position >> 3);
        summed = position >> 3;
    }

    private long window() {
        return (long) LONGS.get(buffer, position >> 3) << (position & 7);
    }

    private void require(int count) throws IOException {
        if (position + count > 8 * limit && !fill(count)) {
            throw Malformed.flac("the file must not end inside a frame or a metadata block (truncated?)");
        }
    }

    private boolean fill(int count) throws IOException {
        sum();
        int done = position >> 3;
        System.arraycopy(buffer, done, buffer, 0, limit - done);
        limit -= done;
        position &= 7;
        summed = 0;
        boolean open = true;
        while (open && position + count > 8 * limit) {
            int read = in.read(buffer, limit, CAPACITY - limit);
            open = read >= 0;
            limit += Math.max(0, read);
        }
        Arrays.fill(buffer, limit, limit + Long.BYTES, (byte) 0);
        return open;
    }
}
