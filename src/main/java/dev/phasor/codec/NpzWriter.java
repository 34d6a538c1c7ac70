package dev.phasor.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes NPZ as a stream. The arrays are not compressed, since samples and spectra hardly shrink, but framed as
 * deflated entries: stored ones would need their checksum in front. Same arrays, same bytes.
 */
public final class NpzWriter {

    /** The earliest time that ZIP knows. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private NpzWriter() {}

    /**
     * Writes the whole file; the stream is neither flushed nor closed.
     *
     * @param arrays by their names, in the order of the map
     */
    public static void write(Map<String, NpyArray> arrays, OutputStream out) throws IOException {
        OpenZip zip = new OpenZip(out);
        try {
            for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
                ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
                entry.setTimeLocal(EPOCH);
                zip.putNextEntry(entry);
                NpyWriter.write(array.getValue(), zip);
                zip.closeEntry();
            }
            zip.finish();
        } finally {
            zip.release();
        }
    }

    /** Gives its native memory back without closing the stream below. */
    private static final class OpenZip extends ZipOutputStream {

        OpenZip(OutputStream out) {
            super(out);
            setLevel(Deflater.NO_COMPRESSION);
        }

        void release() {
            def.end();
        }
    }
}
