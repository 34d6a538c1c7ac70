package dev.phasor.codec;

import static java.util.Objects.requireNonNull;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * Reads NPZ: a ZIP file of named NPY arrays, stored or deflated. All entries must be arrays ({@code name.npy}). A value
 * without an axis is read as text, and says something about the arrays. An entry is inflated only as far as its array's
 * shape declares, and the limits cover all arrays together, so a ZIP bomb has no effect. Entries that are stored with
 * their size before them, as numpy writes them into a file, are read as they come ({@link StoredEntries}); the rest of
 * the file, from the first other one on, is held.
 */
public final class NpzReader {

    /** No request needs more arrays. */
    static final int MAX_ENTRIES = 64;

    static final String SUFFIX = ".npy";

    /** Bytes allowed for directory, names and headers, in addition to the values. */
    private static final long OVERHEAD_BYTES = 1 << 20;

    /** Bytes of the first array that a file is read into. */
    private static final int FIRST = 1 << 16;

    /** Times as large as the array before, at most: both are held while one is copied. */
    private static final int GROWTH = 5;

    private NpzReader() {}

    /** {@link #read(InputStream, CodecLimits, long)} of a file whose size nobody has said. */
    public static Npz read(InputStream in, CodecLimits limits) throws IOException {
        return read(in, limits, -1);
    }

    /**
     * Reads the stream to its end. The file may be up to twice the limit of decoded values (64-bit values) plus 1 MiB
     * of overhead.
     *
     * @param expected bytes of the file, where they are known; nothing else depends on them than the time it takes
     * @throws InvalidInputException {@code MALFORMED_NPZ}, {@code MALFORMED_NPY} or {@code TOO_LARGE}
     */
    public static Npz read(InputStream in, CodecLimits limits, long expected) throws IOException {
        StoredEntries stored = StoredEntries.read(in, limits);
        long base = stored.end();
        InputStream rest = new SequenceInputStream(new ByteArrayInputStream(stored.beyond()), in);
        int most = (int) Math.min(Integer.MAX_VALUE - 8, 2 * limits.maxBytes() + OVERHEAD_BYTES);
        byte[] zip = new byte[(int) Math.max(0, Math.min(most - base, FIRST))];
        int length = rest.readNBytes(zip, 0, zip.length);
        while (length == zip.length && base + length < most) {
            int next = rest.read();
            if (next < 0) {
                break;
            }
            zip = Arrays.copyOf(zip, (int) Math.min(most - base, capacity(length, expected - base)));
            zip[length++] = (byte) next;
            length += rest.readNBytes(zip, length, zip.length - length);
        }
        if (base + length >= most && rest.read() >= 0) {
            throw new InvalidInputException(Code.TOO_LARGE, "NPZ: the file must be at most " + most + " bytes");
        }
        return read(zip, length, stored, limits);
    }

    /** Of the array after one that is full: that of the whole file, unless it would hold far more than has come. */
    private static long capacity(int full, long expected) {
        return expected > full ? Math.min(expected, (long) GROWTH * full) : 2L * full;
    }

    private static Npz read(byte[] zip, int length, StoredEntries stored, CodecLimits limits) {
        byte[] head = Arrays.copyOf(zip, Math.min(length, FirstBytes.COUNT));
        if (stored.end() == 0 && !new String(head, StandardCharsets.ISO_8859_1).startsWith("PK")) {
            throw Malformed.npz("must begin with PK, got " + FirstBytes.name(head));
        }
        try (DirectInflater inflater = new DirectInflater()) {
            return read(zip, length, inflater, stored, limits);
        }
    }

    private static Npz read(byte[] zip, int length, DirectInflater inflater, StoredEntries stored, CodecLimits limits) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        Map<String, String> scalars = new LinkedHashMap<>();
        long used = stored.used();
        for (ZipDirectory.Entry entry : ZipDirectory.read(zip, length, stored.end(), MAX_ENTRIES)) {
            String quoted = "entry " + Malformed.quoted(entry.name());
            if (!entry.name().endsWith(SUFFIX)) {
                throw Malformed.npz(quoted + " must be an array, with a name that ends in " + SUFFIX
                        + " (use numpy.savez; torch.save writes pickles, which are not read)");
            }
            boolean isRead = entry.dataOffset() < 0;
            NpzContent content = isRead ? stored.take(entry) : content(zip, inflater, entry, quoted, limits, used);
            String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
            if (arrays.containsKey(name) || scalars.containsKey(name)) {
                throw Malformed.npz(quoted + " must be there once");
            }
            used += isRead ? 0 : content.bytes();
            if (content.array() != null) {
                arrays.put(name, content.array());
            } else {
                scalars.put(name, requireNonNull(content.scalar()));
            }
        }
        return new Npz(Collections.unmodifiableMap(arrays), Collections.unmodifiableMap(scalars));
    }

    private static NpzContent content(
            byte[] zip,
            DirectInflater inflater,
            ZipDirectory.Entry entry,
            String quoted,
            CodecLimits limits,
            long used) {
        int size = (int) entry.compressedSize();
        CRC32 crc = new CRC32();
        try {
            InputStream bytes = switch (entry.method()) {
                case LocalHeader.STORED -> new ByteArrayInputStream(zip, entry.dataOffset(), size);
                case LocalHeader.DEFLATED -> inflater.of(zip, entry.dataOffset(), size);
                default -> throw Malformed.npz("must be stored (0) or deflated (8), got method " + entry.method());
            };
            NpzContent content = NpzContent.read(new CheckedInputStream(bytes, crc), limits, used);
            if (crc.getValue() != entry.crc()) {
                throw Malformed.npz(NpzContent.CHECKSUM);
            }
            return content;
        } catch (InvalidInputException e) {
            throw new InvalidInputException(e.code(), quoted + ": " + e.getMessage(), e);
        } catch (IOException e) {
            // Reading from memory fails only for damaged deflate data.
            throw new InvalidInputException(Code.MALFORMED_NPZ, quoted + ": NPZ: the data must be deflated", e);
        }
    }
}
