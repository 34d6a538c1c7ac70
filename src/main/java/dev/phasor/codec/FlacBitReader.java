package dev.phasor.codec;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A stream of bits, most significant bit first, with the CRC-16 of the current frame. Its buffer holds 16 KiB. */
final class FlacBitReader {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int CAPACITY = 1 << 14;

    /** Valid bits of a window, for any start within a byte. */
    private static final int WINDOW = 57;

    private static final long MAX_FOLDED = 0xffffffffL;

    private final InputStream in;

    /** Zeros follow {@link #limit}, as many bytes as a window may read beyond it. */
    private final byte[] buffer = new byte[CAPACITY + Long.BYTES];

    /** In bits; {@link #limit}, the end of the data in the buffer, is in bytes. */
    private int position;

    private int limit;
    private int summed;
    private int crc;

    FlacBitReader(InputStream in) {
        this.in = in;
    }

    /** Whether the stream has ended. The position must be on a byte boundary. */
    boolean atEnd() throws IOException {
        return position == 8 * limit && !fill(8);
    }

    /** Reads an unsigned number of 1 to 57 bits. */
    long bits(int count) throws IOException {
        require(count);
        long value = window() >>> (64 - count);
        position += count;
        return value;
    }

    /** Reads a two's complement number of 1 to 57 bits. */
    long signed(int count) throws IOException {
        require(count);
        long value = window() >> (64 - count);
        position += count;
        return value;
    }

    /** Reads 0 bits up to the next 1 bit, and the 1 bit. Returns the number of 0 bits. */
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

    /** Reads Rice-coded residuals (RFC 9639, 9.2.7.3). */
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

    /** Skips bytes. The position must be on a byte boundary. */
    void skipBytes(int count) throws IOException {
        int left = count;
        while (left > 0) {
            require(8);
            int step = Math.min(left, limit - position / 8);
            position += 8 * step;
            left -= step;
        }
    }

    /** Starts a frame. The position must be on a byte boundary. */
    void startChecksum() {
        summed = position / 8;
        crc = 0;
    }

    /** Skips 0 bits to the next byte boundary and returns the CRC-16 of all bytes since {@link #startChecksum}. */
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
