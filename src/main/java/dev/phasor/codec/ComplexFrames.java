package dev.phasor.codec;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A complex array {@code [bins, frames]} or {@code [items, bins, frames]} in an NPY file in numpy's Fortran order, as
 * librosa's are: its frames come one after the other, and are read so. Not thread-safe.
 */
public final class ComplexFrames {

    /** A multiple of every value's bytes. */
    private static final int BUFFER_BYTES = 1 << 16;

    private final NpyHeader header;
    private final SpectrogramShape shape;
    private final InputStream in;
    private final boolean usual;
    private final ByteBuffer bytes;
    private final float[] pairs;
    private int read;

    private ComplexFrames(NpyHeader header, InputStream in) {
        this.header = header;
        this.in = in;
        Shape all = header.shape();
        shape = new SpectrogramShape(all.dropLast(2), all.size(-2), all.size(-1));
        usual = shape.items() == 1
                && header.dtype() == NpyDtype.COMPLEX64
                && header.byteOrder() == ByteOrder.LITTLE_ENDIAN;
        bytes = ByteBuffer.allocate(BUFFER_BYTES).order(header.byteOrder());
        pairs = new float[usual ? 0 : BUFFER_BYTES / header.dtype().componentBytes()];
    }

    /** Bytes that an instance holds. */
    public static long bytesHeld() {
        return 3L * BUFFER_BYTES;
    }

    /**
     * The array of a file that begins so; empty unless it is one of these.
     *
     * @param in the file; read up to the data
     */
    public static Optional<ComplexFrames> in(InputStream in) throws IOException {
        try {
            NpyHeader header = NpyHeader.of(NpyHeader.dictionary(in), new CodecLimits(CodecLimits.LARGEST), 0);
            Shape shape = header.shape();
            boolean comesByFrame = header.dtype().isComplex()
                    && header.fortranOrder()
                    && (shape.rank() == 2 || shape.rank() == 3)
                    && shape.count() > 0
                    && shape.dropLast(2).count() <= NpyConversion.MAX_ITEMS;
            return comesByFrame ? Optional.of(new ComplexFrames(header, in)) : Optional.empty();
        } catch (InvalidInputException e) {
            return Optional.empty(); // who reads all of it reports the error
        }
    }

    public SpectrogramShape shape() {
        return shape;
    }

    /** Bytes of the data. */
    public long bytes() {
        return (long) shape.shape().count() * valueBytes();
    }

    private int valueBytes() {
        return 2 * header.dtype().componentBytes();
    }

    /** Frames that were read. */
    public int position() {
        return read;
    }

    /**
     * Reads the next frames.
     *
     * @param re Modified: [item][frame][bin], as is {@code im}.
     * @return whether all values are finite in float32
     * @throws InvalidInputException {@code MALFORMED_NPY} if there are fewer, or bytes after the last
     */
    public boolean read(int frames, float[][] re, float[][] im) throws IOException {
        int values = frames * shape.bins() * shape.items();
        boolean finite = true;
        for (int done = 0; done < values; ) {
            int got = next(values - done, (long) read * shape.bins() * shape.items() + done);
            finite &= take(got, done, re, im);
            done += got;
        }
        read += frames;
        if (read == shape.frames() && in.read() >= 0) {
            throw Malformed.npy("there must be no bytes after the data of shape " + header.shape());
        }
        return finite;
    }

    /** Fills the buffer with at most {@code left} values and returns their number. */
    private int next(int left, long before) throws IOException {
        int wanted = (int) Math.min((long) left * valueBytes(), BUFFER_BYTES);
        int got = in.readNBytes(bytes.array(), 0, wanted);
        if (got < wanted) {
            throw Malformed.npy("shape " + header.shape() + " declares " + bytes() + " bytes of data, "
                    + (before * valueBytes() + got) + " present");
        }
        bytes.clear().limit(wanted);
        return wanted / valueBytes();
    }

    private boolean take(int count, int done, float[][] re, float[][] im) {
        if (usual) {
            return FloatPairs.split(bytes.array(), count, re[0], im[0], done);
        }
        header.dtype().decode(bytes, pairs, 0, 2 * count);
        boolean finite = true;
        int items = shape.items();
        for (int i = 0; i < count; i++) {
            int item = (done + i) % items;
            int at = (done + i) / items;
            re[item][at] = pairs[2 * i];
            im[item][at] = pairs[2 * i + 1];
            finite &= Float.isFinite(pairs[2 * i]) && Float.isFinite(pairs[2 * i + 1]);
        }
        return finite;
    }
}
