package dev.phasor.codec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What stands before the data of an entry in a ZIP file (PKWARE APPNOTE 6.3.10, section 4.3.7).
 *
 * @param bytes that were read: the whole header, or fewer where there is none
 * @param isHeader whether they are one; else nothing else is known
 */
record LocalHeader(byte[] bytes, boolean isHeader) {

    static final int SIGNATURE = 0x04034b50;
    static final int STORED = 0;
    static final int DEFLATED = 8;

    private static final int FIXED_BYTES = 30;
    private static final int ENCRYPTED = 1;
    private static final int DESCRIBED = 8;
    private static final int ZIP64_FIELDS = 1;
    private static final long IN_ZIP64 = 0xffffffffL;

    static LocalHeader read(InputStream in) throws IOException {
        byte[] fixed = in.readNBytes(FIXED_BYTES);
        if (fixed.length < FIXED_BYTES || view(fixed).getInt(0) != SIGNATURE) {
            return new LocalHeader(fixed, false);
        }
        int rest = u16(fixed, 26) + u16(fixed, 28);
        byte[] bytes = Arrays.copyOf(fixed, FIXED_BYTES + rest);
        int got = in.readNBytes(bytes, FIXED_BYTES, rest);
        return new LocalHeader(got < rest ? Arrays.copyOf(bytes, FIXED_BYTES + got) : bytes, got == rest);
    }

    String name() {
        return new String(bytes, FIXED_BYTES, u16(bytes, 26), StandardCharsets.UTF_8);
    }

    int method() {
        return u16(bytes, 8);
    }

    boolean isEncrypted() {
        return (u16(bytes, 6) & ENCRYPTED) != 0;
    }

    /** Whether sizes and checksum stand behind the data, and not here. */
    boolean isDescribed() {
        return (u16(bytes, 6) & DESCRIBED) != 0;
    }

    /** Whether the data are the entry's bytes, as many as stand here. */
    boolean isStored() {
        return method() == STORED && !isDescribed() && !isEncrypted();
    }

    long checksum() {
        return view(bytes).getInt(14) & IN_ZIP64;
    }

    /** Of a stored entry: that of ZIP64 stands behind the one before it deflating, where that is there. */
    long size() {
        ByteBuffer header = view(bytes);
        long narrow = header.getInt(18) & IN_ZIP64;
        long inflated = header.getInt(22) & IN_ZIP64;
        int at = FIXED_BYTES + u16(bytes, 26);
        while (narrow == IN_ZIP64 && at + 4 <= bytes.length) {
            int length = u16(bytes, at + 2);
            int place = at + 4 + (inflated == IN_ZIP64 ? Long.BYTES : 0);
            if (u16(bytes, at) == ZIP64_FIELDS && place + Long.BYTES <= Math.min(bytes.length, at + 4 + length)) {
                return header.getLong(place);
            }
            at += 4 + length;
        }
        return narrow;
    }

    private static ByteBuffer view(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int u16(byte[] bytes, int at) {
        return view(bytes).getShort(at) & 0xffff;
    }
}
