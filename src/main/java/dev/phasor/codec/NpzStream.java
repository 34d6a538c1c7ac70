package dev.phasor.codec;

import dev.phasor.signal.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of an NPZ file that is too large to be held one after the other, each from its local header on
 * (PKWARE APPNOTE 6.3.10, sections 4.3.7 to 4.3.9). A stored entry must have its size there, as in all that numpy
 * writes into a file; a deflated one ends by itself. The directory behind the entries is not looked at.
 */
public final class NpzStream implements AutoCloseable {

    /**
     * @param name without {@code .npy}
     * @param array null for a value without an axis
     * @param scalar that value; null for an array
     */
    public record Entry(
            String name,
            @Nullable NpyFrames array,
            @Nullable String scalar) {}

    private static final int DESCRIPTOR = 0x08074b50;
    private static final long UNSIGNED = 0xffffffffL;

    private final BufferedInputStream in;
    private final StreamInflater inflater = new StreamInflater();
    private final CRC32 crc = new CRC32();
    private String name = "";
    private boolean described;
    private long declared;
    private InputStream data = InputStream.nullInputStream();
    private int entries;

    public NpzStream(BufferedInputStream in) {
        this.in = in;
    }

    /**
     * The first entry with axes, of a file that begins so; empty where it is none of floats with two axes or more, or
     * has to be held.
     */
    public static Optional<Entry> first(InputStream head) throws IOException {
        try (NpzStream npz = new NpzStream(new BufferedInputStream(head))) {
            Optional<Entry> entry = npz.next();
            while (entry.isPresent() && entry.get().array() == null) {
                entry = npz.next();
            }
            return entry;
        } catch (InvalidInputException e) {
            return Optional.empty(); // who reads all of it reports the error
        }
    }

    /**
     * The next entry, whose predecessor was read to its end.
     *
     * @throws InvalidInputException {@code MALFORMED_NPZ}, {@code MALFORMED_NPY}, {@code SHAPE_MISMATCH}
     */
    public Optional<Entry> next() throws IOException {
        LocalHeader header = LocalHeader.read(in);
        if (!header.isHeader()) {
            in.transferTo(OutputStream.nullOutputStream());
            return Optional.empty();
        }
        if (++entries > NpzReader.MAX_ENTRIES) {
            throw Malformed.npz("there must be at most " + NpzReader.MAX_ENTRIES + " arrays, got more");
        }
        declared = header.checksum();
        described = header.isDescribed();
        String quoted = "entry " + Malformed.quoted(header.name());
        if (!header.name().endsWith(NpzReader.SUFFIX) || header.isEncrypted()) {
            throw Malformed.npz(
                    quoted + " must be an array that is not encrypted, with a name that ends in " + NpzReader.SUFFIX);
        } else if (header.method() != LocalHeader.DEFLATED && !header.isStored()) {
            throw Malformed.npz(quoted + " must be deflated, or stored with its size before it, in a file of this"
                    + " length; numpy.savez writes it so into a file");
        }
        name = header.name().substring(0, header.name().length() - NpzReader.SUFFIX.length());
        crc.reset();
        InputStream bytes = header.isStored() ? new StoredData(in, header.size()) : inflater.of(in);
        data = new CheckedInputStream(bytes, crc);
        NpyDictionary dictionary = NpyHeader.dictionary(data);
        if (dictionary.shape().length > 0) {
            return Optional.of(new Entry(name, NpyFrames.of(dictionary), null));
        }
        String scalar = NpyScalar.read(dictionary.descr(), data);
        end();
        return Optional.of(new Entry(name, null, scalar));
    }

    /** The data of the entry that {@link #next} gave, behind its header. */
    public InputStream data() {
        return data;
    }

    /** Looks at what stands behind the data. */
    public void end() throws IOException {
        String quoted = "entry " + Malformed.quoted(name);
        if (data.read() >= 0) {
            throw Malformed.npz(quoted + " must end with its array");
        }
        long wanted = declared;
        if (described) {
            ByteBuffer descriptor =
                    ByteBuffer.wrap(in.readNBytes(4 * Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
            if (descriptor.limit() < 4 * Integer.BYTES || descriptor.getInt(0) != DESCRIPTOR) {
                throw Malformed.npz(quoted + " must have its descriptor behind it");
            }
            wanted = descriptor.getInt(Integer.BYTES) & UNSIGNED;
            skipWideSizes();
        }
        if (crc.getValue() != wanted) {
            throw Malformed.npz(quoted + ": the checksum must be that of the data");
        }
    }

    /** The sizes of a descriptor have 4 bytes or 8, and nothing says which but what follows. */
    private void skipWideSizes() throws IOException {
        in.mark(2);
        byte[] next = in.readNBytes(2);
        in.reset();
        if (next.length < 2 || next[0] != 'P' || next[1] != 'K') {
            in.skipNBytes(2L * Integer.BYTES);
        }
    }

    @Override
    public void close() {
        inflater.close();
    }
}
