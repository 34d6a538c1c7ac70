package dev.phasor.codec;

import static java.util.Objects.requireNonNull;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads NPZ: a ZIP file of named NPY arrays, stored or deflated. All entries must be arrays ({@code name.npy}). A value
 * without an axis is read as text, and says something about the arrays. An entry is inflated only as far as its array's
 * shape declares, and the limits cover all arrays together, so a ZIP bomb has no effect.
 */
public final class NpzReader {

    /** No request needs more arrays. */
    static final int MAX_ENTRIES = 64;

    private static final String SUFFIX = ".npy";
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

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
     * Reads the stream to its end. The file is held in memory. Its size may be up to twice the limit of decoded values
     * (64-bit values) plus 1 MiB of overhead.
     *
     * @param expected bytes of the file, where they are known; nothing else depends on them than the time it takes
     * @throws InvalidInputException {@code MALFORMED_NPZ}, {@code MALFORMED_NPY} or {@code TOO_LARGE}
     */
    public static Npz read(InputStream in, CodecLimits limits, long expected) throws IOException {
        int most = (int) Math.min(Integer.MAX_VALUE - 8, 2 * limits.maxBytes() + OVERHEAD_BYTES);
        byte[] zip = new byte[Math.min(most, FIRST)];
        int length = in.readNBytes(zip, 0, zip.length);
        while (length == zip.length && length < most) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            zip = Arrays.copyOf(zip, (int) Math.min(most, capacity(length, expected)));
            zip[length++] = (byte) next;
            length += in.readNBytes(zip, length, zip.length - length);
        }
        if (length == most && in.read() >= 0) {
            throw new InvalidInputException(Code.TOO_LARGE, "NPZ: the file must be at most " + most + " bytes");
        }
        return read(zip, length, limits);
    }

    /** Of the array after one that is full: that of the whole file, unless it would hold far more than has come. */
    private static long capacity(int full, long expected) {
        return expected > full ? Math.min(expected, (long) GROWTH * full) : 2L * full;
    }

    private static Npz read(byte[] zip, int length, CodecLimits limits) {
        byte[] head = Arrays.copyOf(zip, Math.min(length, FirstBytes.COUNT));
        if (!new String(head, StandardCharsets.ISO_8859_1).startsWith("PK")) {
            throw Malformed.npz("must begin with PK, got " + FirstBytes.name(head));
        }
        try (DirectInflater inflater = new DirectInflater()) {
            return read(zip, length, inflater, limits);
        }
    }

    private static Npz read(byte[] zip, int length, DirectInflater inflater, CodecLimits limits) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        Map<String, String> scalars = new LinkedHashMap<>();
        long used = 0;
        for (ZipDirectory.Entry entry : ZipDirectory.read(zip, length, MAX_ENTRIES)) {
            String quoted = "entry " + Malformed.quoted(entry.name());
            if (!entry.name().endsWith(SUFFIX)) {
                throw Malformed.npz(quoted + " must be an array, with a name that ends in " + SUFFIX
                        + " (use numpy.savez; torch.save writes pickles, which are not read)");
            }
            Content content = content(zip, inflater, entry, quoted, limits, used);
            String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
            if (arrays.containsKey(name) || scalars.containsKey(name)) {
                throw Malformed.npz(quoted + " must be there once");
            }
            if (content.array() != null) {
                used += 4L
                        * content.array().dtype().components()
                        * content.array().shape().count();
                arrays.put(name, content.array());
            } else {
                scalars.put(name, requireNonNull(content.scalar()));
            }
        }
        return new Npz(Collections.unmodifiableMap(arrays), Collections.unmodifiableMap(scalars));
    }

    /** One of the two. */
    private record Content(
            @Nullable NpyArray array, @Nullable String scalar) {}

    private static Content content(
            byte[] zip,
            DirectInflater inflater,
            ZipDirectory.Entry entry,
            String quoted,
            CodecLimits limits,
            long used) {
        CRC32 crc = new CRC32();
        try {
            InputStream bytes = switch (entry.method()) {
                case STORED -> new ByteArrayInputStream(zip, entry.dataOffset(), entry.compressedSize());
                case DEFLATED -> inflater.of(zip, entry.dataOffset(), entry.compressedSize());
                default -> throw Malformed.npz("must be stored (0) or deflated (8), got method " + entry.method());
            };
            Content content = content(new CheckedInputStream(bytes, crc), limits, used);
            if (crc.getValue() != entry.crc()) {
                throw Malformed.npz("the checksum must be that of the data");
            }
            return content;
        } catch (InvalidInputException e) {
            throw new InvalidInputException(e.code(), quoted + ": " + e.getMessage(), e);
        } catch (IOException e) {
            // Reading from memory fails only for damaged deflate data.
            throw new InvalidInputException(Code.MALFORMED_NPZ, quoted + ": NPZ: the data must be deflated", e);
        }
    }

    private static Content content(InputStream npy, CodecLimits limits, long used) throws IOException {
        NpyDictionary dictionary = NpyHeader.dictionary(npy);
        return dictionary.shape().length == 0
                ? new Content(null, NpyScalar.read(dictionary.descr(), npy))
                : new Content(NpyReader.read(NpyHeader.of(dictionary, limits, used), npy, limits), null);
    }
}
