package dev.phasor.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes NPZ as a stream. Samples and spectra hardly compress, so arrays are not compressed. They are still framed as
 * deflated entries, because a stored entry needs its checksum in front. The same arrays give the same bytes.
 */
public final class NpzWriter {

    /** The earliest time that ZIP can represent. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private NpzWriter() {}

    /**
     * Writes the whole file; the stream is neither flushed nor closed.
     *
     * @param arrays by name, in the order of the map
     * @param scalars behind them: numbers, booleans and strings
     */
    public static void write(Map<String, NpyArray> arrays, Map<String, Object> scalars, OutputStream out)
            throws IOException {
        OpenZip zip = new OpenZip(out);
        try {
            for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
                zip.begin(array.getKey());
                NpyWriter.write(array.getValue(), zip);
                zip.closeEntry();
            }
            for (Map.Entry<String, Object> scalar : scalars.entrySet()) {
                zip.begin(scalar.getKey());
                NpyScalar.write(scalar.getValue(), zip);
                zip.closeEntry();
            }
            zip.finish();
        } finally {
            zip.release();
        }
    }

    /** Releases its native memory without closing the underlying stream. */
    private static final class OpenZip extends ZipOutputStream {

        OpenZip(OutputStream out) {
            super(out);
            setLevel(Deflater.NO_COMPRESSION);
        }

        void begin(String name) throws IOException {
            ZipEntry entry = new ZipEntry(name + ".npy");
            entry.setTimeLocal(EPOCH);
            putNextEntry(entry);
        }

        void release() {
            def.end();
        }
    }
}
