package dev.phasor.codec;

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

/**
 * Reads NPZ: a ZIP file of named NPY arrays, stored or deflated. All entries must be arrays ({@code name.npy}). An
 * entry is inflated only as far as its array's shape declares, and the limits cover all arrays together, so a ZIP bomb
 * has no effect.
 */
public final class NpzReader {

    /** No request needs more arrays. */
    static final int MAX_ENTRIES = 64;

    private static final String SUFFIX = ".npy";
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    /** Bytes allowed for directory, names and headers, in addition to the values. */
    private static final long OVERHEAD_BYTES = 1 << 20;

    private NpzReader() {}

    /**
     * Reads the stream to its end. The file is held in memory. Its size may be up to twice the limit of decoded values
     * (64-bit values) plus 1 MiB of overhead.
     *
     * @return the arrays in the order of the directory, by their names without {@code .npy}
     * @throws InvalidInputException {@code MALFORMED_NPZ}, {@code MALFORMED_NPY} or {@code TOO_LARGE}
     */
    public static Map<String, NpyArray> read(InputStream in, CodecLimits limits) throws IOException {
        int most = (int) Math.min(Integer.MAX_VALUE - 8, 2 * limits.maxBytes() + OVERHEAD_BYTES);
        byte[] zip = in.readNBytes(most);
        if (zip.length == most && in.read() >= 0) {
            throw new InvalidInputException(Code.TOO_LARGE, "NPZ: the file must be at most " + most + " bytes");
        }
        return read(zip, limits);
    }

    private static Map<String, NpyArray> read(byte[] zip, CodecLimits limits) {
        byte[] head = Arrays.copyOf(zip, Math.min(zip.length, FirstBytes.COUNT));
        if (!new String(head, StandardCharsets.ISO_8859_1).startsWith("PK")) {
            throw Malformed.npz("must begin with PK, got " + FirstBytes.name(head));
        }
        try (DirectInflater inflater = new DirectInflater()) {
            return read(zip, inflater, limits);
        }
    }

    private static Map<String, NpyArray> read(byte[] zip, DirectInflater inflater, CodecLimits limits) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        long used = 0;
        for (ZipDirectory.Entry entry : ZipDirectory.read(zip, MAX_ENTRIES)) {
            String quoted = "entry " + Malformed.quoted(entry.name());
            if (!entry.name().endsWith(SUFFIX)) {
                throw Malformed.npz(quoted + " must be an array, with a name that ends in " + SUFFIX
                        + " (use numpy.savez; torch.save writes pickles, which are not read)");
            }
            NpyArray array = array(zip, inflater, entry, quoted, limits, used);
            used += 4L * array.dtype().components() * array.shape().count();
            String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
            if (arrays.put(name, array) != null) {
                throw Malformed.npz(quoted + " must be there once");
            }
        }
        return Collections.unmodifiableMap(arrays);
    }

    private static NpyArray array(
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
            NpyArray array = NpyReader.read(new CheckedInputStream(bytes, crc), limits, used);
            if (crc.getValue() != entry.crc()) {
                throw Malformed.npz("the checksum must be that of the data");
            }
            return array;
        } catch (InvalidInputException e) {
            throw new InvalidInputException(e.code(), quoted + ": " + e.getMessage(), e);
        } catch (IOException e) {
            // Reading from memory fails only for damaged deflate data.
            throw new InvalidInputException(Code.MALFORMED_NPZ, quoted + ": NPZ: the data must be deflated", e);
        }
    }
}
