package dev.phasor.codec;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A real array {@code [..., bins, frames]} in an NPY file that is too large to be held: its values are read a range of
 * frames at a time, wherever the file's data lie. Either axis order and either byte order.
 */
public final class NpyFrames {

    /** The data behind the header. */
    @FunctionalInterface
    public interface Data {
        /** Fills the target from a position of the data on. */
        void read(long position, ByteBuffer target) throws IOException;
    }

    /** Bytes that are read at once, where frames stand side by side. */
    private static final int MOST_BYTES = 1 << 20;

    private final NpyHeader header;
    private final Shape leading;
    private final int items;
    private final int bins;
    private final int frames;

    private NpyFrames(NpyHeader header) {
        this.header = header;
        Shape shape = header.shape();
        leading = shape.dropLast(2);
        items = leading.count();
        bins = shape.size(shape.rank() - 2);
        frames = shape.size(shape.rank() - 1);
    }

    /**
     * Reads the header, up to the data.
     *
     * @throws InvalidInputException {@code MALFORMED_NPY}; {@code TOO_LARGE} for more than 2147483639 values;
     *     {@code SHAPE_MISMATCH} unless the array is real and has at least two axes
     */
    public static NpyFrames open(InputStream in) throws IOException {
        return of(NpyHeader.dictionary(in));
    }

    static NpyFrames of(NpyDictionary dictionary) {
        NpyHeader header = NpyHeader.of(dictionary, new CodecLimits(CodecLimits.LARGEST), 0);
        if (!isMany(header)) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "a magnitude must be a float array [..., bins, frames], got "
                            + header.dtype().code() + " " + header.shape());
        }
        return new NpyFrames(header);
    }

    /**
     * The array of a file that begins so; empty unless it is of floats with at least two axes, none of which is empty.
     */
    public static Optional<NpyFrames> in(InputStream head) throws IOException {
        try {
            return Optional.of(open(head));
        } catch (InvalidInputException e) {
            return Optional.empty(); // who reads all of it reports the error
        }
    }

    private static boolean isMany(NpyHeader header) {
        NpyDtype dtype = header.dtype();
        return !dtype.isComplex()
                && !dtype.isInteger()
                && dtype != NpyDtype.BOOL
                && header.shape().rank() >= 2
                && header.shape().count() > 0;
    }

    /** The axes before the bins. */
    public Shape leading() {
        return leading;
    }

    public Shape shape() {
        return header.shape();
    }

    public int items() {
        return items;
    }

    public int bins() {
        return bins;
    }

    public int frames() {
        return frames;
    }

    /** Bytes of the data. */
    public long bytes() {
        return (long) items * bins * frames * width();
    }

    /** Bytes that {@link #read} holds beside the plane. */
    public static long buffer() {
        return MOST_BYTES;
    }

    private int width() {
        return header.dtype().componentBytes();
    }

    /**
     * Decodes values that stand side by side in the file.
     *
     * @param bytes whole values
     * @param values Modified: as many values.
     */
    public void decode(ByteBuffer bytes, float[] values) {
        header.dtype().decode(bytes.order(header.byteOrder()), values, 0, bytes.remaining() / width());
    }

    /** Bytes of one value. */
    public int valueBytes() {
        return width();
    }

    /** The index of the {@code position}-th value of the file, for a message. */
    public String index(long position) {
        long[] sizes = new long[header.shape().rank()];
        long rest = position;
        for (int i = 0; i < sizes.length; i++) {
            int axis = header.fortranOrder() ? i : sizes.length - 1 - i;
            sizes[axis] = rest % header.shape().size(axis);
            rest /= header.shape().size(axis);
        }
        return Arrays.toString(sizes);
    }

    /**
     * Reads frames of an item.
     *
     * @param plane Modified: [frame][bin] of as many frames as it holds.
     */
    public void read(Data data, int item, int from, float[] plane) throws IOException {
        if (header.fortranOrder()) {
            readByFrame(data, fortranItem(item), from, plane);
        } else {
            readByBin(data, item, from, plane);
        }
    }

    /** Bin by bin: a row of frames each. */
    private void readByBin(Data data, int item, int from, float[] plane) throws IOException {
        int count = plane.length / bins;
        int most = Math.min(count, MOST_BYTES / width());
        ByteBuffer bytes = ByteBuffer.allocate(most * width());
        float[] row = new float[most];
        for (int bin = 0; bin < bins; bin++) {
            for (int done = 0; done < count; done += most) {
                int got = Math.min(most, count - done);
                long first = ((long) item * bins + bin) * frames + from + done;
                decodeAt(data, first, bytes, row, got);
                for (int i = 0; i < got; i++) {
                    plane[(done + i) * bins + bin] = row[i];
                }
            }
        }
    }

    /** Frame by frame: the items' values of a bin stand side by side. */
    private void readByFrame(Data data, int item, int from, float[] plane) throws IOException {
        int count = plane.length / bins;
        int most = Math.max(1, Math.min(plane.length, MOST_BYTES / width() / items));
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(most * items, width()));
        float[] values = new float[most * items];
        for (int done = 0; done < count * bins; done += most) {
            int got = Math.min(most, count * bins - done);
            decodeAt(data, ((long) from * bins + done) * items, bytes, values, got * items);
            for (int i = 0; i < got; i++) {
                plane[done + i] = values[i * items + item];
            }
        }
    }

    private void decodeAt(Data data, long first, ByteBuffer bytes, float[] values, int count) throws IOException {
        bytes.clear().limit(count * width());
        data.read(first * width(), bytes);
        decode(bytes.flip(), values);
    }

    /** An item's number where the first of the leading axes varies fastest. */
    private int fortranItem(int item) {
        int rest = item;
        int stride = items;
        int at = 0;
        for (int axis = leading.rank() - 1; axis >= 0; axis--) {
            stride /= leading.size(axis);
            at += rest % leading.size(axis) * stride;
            rest /= leading.size(axis);
        }
        return at;
    }
}
