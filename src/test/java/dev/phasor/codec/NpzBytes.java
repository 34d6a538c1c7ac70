package dev.phasor.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** NPZ bytes to and fro, and archives of anything. */
public final class NpzBytes {

    private NpzBytes() {}

    public static Map<String, NpyArray> read(byte[] npz) throws IOException {
        return read(npz, new CodecLimits(CodecLimits.LARGEST));
    }

    public static Map<String, NpyArray> read(byte[] npz, CodecLimits limits) throws IOException {
        return NpzReader.read(new ByteArrayInputStream(npz), limits).arrays();
    }

    public static byte[] write(Map<String, NpyArray> arrays) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpzWriter.write(arrays, Map.of(), out);
        return out.toByteArray();
    }

    /** The NPY of a value without an axis. */
    public static byte[] scalar(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            NpyScalar.write(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Deflated entries with any content. */
    public static byte[] zip(Map<String, byte[]> entries) {
        return zip(entries, name -> false);
    }

    /** Stored ones, with their sizes before them. */
    public static byte[] stored(Map<String, byte[]> entries) {
        return zip(entries, name -> true);
    }

    /** Some stored, the others deflated. */
    public static byte[] zip(Map<String, byte[]> entries, Predicate<String> isStored) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> content : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(content.getKey());
                if (isStored.test(content.getKey())) {
                    CRC32 checksum = new CRC32();
                    checksum.update(content.getValue());
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(content.getValue().length);
                    entry.setCrc(checksum.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(content.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
