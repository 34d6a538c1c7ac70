package dev.phasor.codec;

import dev.phasor.signal.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of a ZIP file, from its central directory (PKWARE APPNOTE 6.3.10, with ZIP64). What is in memory is the
 * file from some place on. Not every entry can be read as a stream before: when numpy writes to a pipe, even stored
 * entries have their sizes only in data descriptors, which cannot be told from the data.
 */
final class ZipDirectory {

    /**
     * @param offset of its local header in the file
     * @param dataOffset start of the compressed bytes in memory, which is checked to hold {@code compressedSize} bytes
     *     from there on; negative where the entry stands before what is in memory
     */
    record Entry(String name, int method, long crc, long offset, int dataOffset, long compressedSize) {}

    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int END64 = 0x06064b50;

    private static final int END_SIZE = 22;
    private static final int MAX_COMMENT = 0xffff;
    private static final int ZIP64_FIELDS = 1;
    private static final int ENCRYPTED = 1;
    private static final long IN_ZIP64 = 0xffffffffL;

    private final ByteBuffer zip;
    private final long base;

    private ZipDirectory(byte[] zip, int length, long base) {
        this.zip = ByteBuffer.wrap(zip, 0, length).order(ByteOrder.LITTLE_ENDIAN);
        this.base = base;
    }

    /**
     * @param zip the file from its byte {@code base} on
     * @param length bytes of it
     * @throws InvalidInputException {@code MALFORMED_NPZ}
     */
    static List<Entry> read(byte[] zip, int length, long base, int maxEntries) {
        return new ZipDirectory(zip, length, base).read(maxEntries);
    }

    /** Of a file that ends before it should. */
    static InvalidInputException truncated() {
        return Malformed.npz("must be a ZIP file, its directory is not there (truncated?)");
    }

    private List<Entry> read(int maxEntries) {
        int end = findEnd();
        long count = u16(end + 10);
        long at = u32(end + 16);
        if (end >= 20 && u32(end - 20) == END64_LOCATOR) {
            int end64 = position(u64(end - 12));
            require(u32(end64) == END64, "the ZIP64 end of the directory must be where its locator says");
            count = u64(end64 + 32L);
            at = u64(end64 + 48L);
        }
        require(count >= 0 && count <= maxEntries, "there must be at most " + maxEntries + " arrays, got " + count);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int header = position(at);
            entries.add(entry(header));
            at = base + header + 46L + u16(header + 28L) + u16(header + 30L) + u16(header + 32L);
        }
        return entries;
    }

    /** The end record, which only the file's comment follows. */
    private int findEnd() {
        int last = zip.limit() - END_SIZE;
        for (int at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
            if (zip.getInt(at) == END && u16(at + 20) == last - at) {
                return at;
            }
        }
        throw truncated();
    }

    private Entry entry(int header) {
        require(u32(header) == CENTRAL_HEADER, "the directory must list its entries one after the other");
        int nameLength = u16(header + 28L);
        int extra = inFile(header + 46L + nameLength, 0);
        String name = new String(zip.array(), header + 46, nameLength, StandardCharsets.UTF_8);
        require((u16(header + 8L) & ENCRYPTED) == 0, "entry " + Malformed.quoted(name) + " must not be encrypted");

        Zip64Fields wide = new Zip64Fields(extra, u16(header + 30L));
        wide.orElse(u32(header + 24L)); // the inflated size, not used
        long compressedSize = wide.orElse(u32(header + 20L));
        long offset = wide.orElse(u32(header + 42L));
        if (offset >= 0 && offset < base) {
            return new Entry(name, u16(header + 10L), u32(header + 16L), offset, -1, compressedSize);
        }
        int local = position(offset);
        require(
                u32(local) == LocalHeader.SIGNATURE,
                "entry " + Malformed.quoted(name) + " must be where the directory says");
        long data = local + 30L + u16(local + 26L) + u16(local + 28L);
        require(
                compressedSize >= 0 && compressedSize <= zip.limit() - data,
                "entry " + Malformed.quoted(name) + " declares "
                        + Long.toUnsignedString(compressedSize) + " bytes, "
                        + Math.max(0, zip.limit() - data) + " present");
        return new Entry(name, u16(header + 10L), u32(header + 16L), offset, (int) data, compressedSize);
    }

    /** The 64-bit values of an entry, in a fixed order; only values that do not fit in 32 bits are present. */
    private final class Zip64Fields {

        private long at;
        private long end;

        Zip64Fields(int extra, int length) {
            long stop = (long) extra + length;
            for (long field = extra; field + 4 <= stop; field += 4 + u16(field + 2)) {
                if (u16(field) == ZIP64_FIELDS) {
                    at = field + 4;
                    end = Math.min(stop, at + u16(field + 2));
                    return;
                }
            }
        }

        long orElse(long narrow) {
            if (narrow != IN_ZIP64 || at + 8 > end) {
                return narrow;
            }
            at += 8;
            return u64(at - 8);
        }
    }

    /** Where a byte of the file is in memory. */
    private int position(long at) {
        long size = base + zip.limit();
        require(at >= 0 && at < size, "an offset must be in the file of " + size + " bytes, got " + at);
        require(at >= base, "the directory must stand behind the entries");
        return (int) (at - base);
    }

    private int u16(long at) {
        return zip.getShort(inFile(at, 2)) & 0xffff;
    }

    private long u32(long at) {
        return zip.getInt(inFile(at, 4)) & 0xffffffffL;
    }

    private long u64(long at) {
        return zip.getLong(inFile(at, 8));
    }

    private int inFile(long at, int bytes) {
        require(at >= 0 && at <= zip.limit() - bytes, "the directory must end before the file does");
        return (int) at;
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw Malformed.npz(rule);
        }
    }
}
