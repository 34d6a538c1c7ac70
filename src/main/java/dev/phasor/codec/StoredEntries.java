package dev.phasor.codec;

import dev.phasor.signal.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * The entries that an NPZ file begins with, as long as each is stored and has its size before it: read from the stream,
 * whose bytes are not held. The directory behind them says later which of them are in the file.
 */
final class StoredEntries {

    private record Entry(NpzContent content, long size, long checksum) {}

    /** By the offset of the local header. */
    private final Map<Long, Entry> entries = new HashMap<>();

    private long end;
    private long used;
    private byte[] beyond = new byte[0];

    private StoredEntries() {}

    /**
     * @param in is read to the end of the last of them, and a header further
     * @throws InvalidInputException {@code MALFORMED_NPZ}, {@code MALFORMED_NPY} or {@code TOO_LARGE}
     */
    static StoredEntries read(InputStream in, CodecLimits limits) throws IOException {
        StoredEntries stored = new StoredEntries();
        boolean more = true;
        while (more) {
            more = stored.next(in, limits);
        }
        return stored;
    }

    private boolean next(InputStream in, CodecLimits limits) throws IOException {
        LocalHeader header = LocalHeader.read(in);
        if (!header.isHeader()
                || !header.isStored()
                || header.size() < 0
                || !header.name().endsWith(NpzReader.SUFFIX)
                || entries.size() == NpzReader.MAX_ENTRIES) {
            beyond = header.bytes();
            return false;
        }
        long size = header.size();
        StoredData data = new StoredData(in, size);
        CRC32 crc = new CRC32();
        NpzContent content;
        try {
            content = NpzContent.read(new CheckedInputStream(data, crc), limits, used);
        } catch (InvalidInputException e) {
            if (data.isCut()) {
                throw ZipDirectory.truncated();
            }
            throw new InvalidInputException(
                    e.code(), "entry " + Malformed.quoted(header.name()) + ": " + e.getMessage(), e);
        }
        entries.put(end, new Entry(content, size, crc.getValue()));
        used += content.bytes();
        end += header.bytes().length + size;
        return true;
    }

    /** Bytes of the file that they take. */
    long end() {
        return end;
    }

    /** Bytes of the file behind {@link #end} that are read already. */
    byte[] beyond() {
        return beyond;
    }

    /** Bytes of their arrays. */
    long used() {
        return used;
    }

    /**
     * What was read of an entry.
     *
     * @throws InvalidInputException {@code MALFORMED_NPZ} if it was not read, or the directory says something else of
     *     it
     */
    NpzContent take(ZipDirectory.Entry listed) {
        String quoted = "entry " + Malformed.quoted(listed.name());
        Entry entry = entries.remove(listed.offset());
        if (entry == null || entry.size != listed.compressedSize() || listed.method() != LocalHeader.STORED) {
            throw Malformed.npz(quoted + " must be where the directory says, once, and as it says");
        } else if (entry.checksum != listed.crc()) {
            throw Malformed.npz(quoted + ": " + NpzContent.CHECKSUM);
        }
        return entry.content;
    }
}
