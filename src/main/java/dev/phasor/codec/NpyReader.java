package dev.phasor.codec;

import dev.phasor.signal.Finiteness;
import dev.phasor.signal.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads one array in numpy's NPY format, versions 1 to 3, in either byte order and either axis order. Object arrays,
 * pickles, strings, structured types and bytes after the data are refused.
 */
public final class NpyReader {

    /** A multiple of every element's size. */
    private static final int BUFFER_BYTES = 1 << 16;

    private NpyReader() {}

    /**
     * Reads the stream to its end.
     *
     * @throws InvalidInputException {@code MALFORMED_NPY}, or {@code TOO_LARGE} if the declared shape exceeds the
     *     limits
     */
    public static NpyArray read(InputStream in, CodecLimits limits) throws IOException {
        return read(NpyHeader.of(NpyHeader.dictionary(in), limits, 0), in, limits);
    }

    /** Reads what stands behind a header. */
    static NpyArray read(NpyHeader header, InputStream in, CodecLimits limits) throws IOException {
        NpyArray array = header.dtype().isComplex() ? complex(in, header, limits) : real(in, header, limits);
        if (in.read() >= 0) {
            throw Malformed.npy("there must be no bytes after the data of shape " + header.shape());
        }
        if (!header.fortranOrder()) {
            return array;
        }
        limits.take(4L * header.dtype().components() * header.shape().count());
        return FortranOrder.isPlane(header.shape()) ? array.columnMajor() : FortranOrder.toRowMajor(array);
    }

    private static NpyArray real(InputStream in, NpyHeader header, CodecLimits limits) throws IOException {
        int count = header.shape().count();
        GrowingFloats values = new GrowingFloats(count, limits);
        Body body = new Body(in, header);
        boolean finite = true;
        for (int done = 0; done < count; ) {
            int got = body.next(count - done);
            float[] numbers = values.ensure(done + got);
            header.dtype().decode(body.buffer, numbers, done, got);
            finite = finite && Finiteness.of(numbers, done, done + got);
            done += got;
        }
        return NpyArray.of(header.dtype(), header.shape(), values.ensure(count), null, finite);
    }

    private static NpyArray complex(InputStream in, NpyHeader header, CodecLimits limits) throws IOException {
        int count = header.shape().count();
        GrowingFloats re = new GrowingFloats(count, limits);
        GrowingFloats im = new GrowingFloats(count, limits);
        boolean usual = header.dtype() == NpyDtype.COMPLEX64 && header.byteOrder() == ByteOrder.LITTLE_ENDIAN;
        float[] pairs = new float[usual ? 0 : BUFFER_BYTES / header.dtype().componentBytes()];
        Body body = new Body(in, header);
        boolean finite = true;
        for (int done = 0; done < count; ) {
            int got = body.next(count - done);
            float[] realParts = re.ensure(done + got);
            float[] imaginaryParts = im.ensure(done + got);
            if (usual) {
                finite &= FloatPairs.split(body.buffer.array(), got, realParts, imaginaryParts, done);
            } else {
                header.dtype().decode(body.buffer, pairs, 0, 2 * got);
                finite &= Finiteness.of(pairs, 0, 2 * got);
                for (int i = 0; i < got; i++) {
                    realParts[done + i] = pairs[2 * i];
                    imaginaryParts[done + i] = pairs[2 * i + 1];
                }
            }
            done += got;
        }
        return NpyArray.of(header.dtype(), header.shape(), re.ensure(count), im.ensure(count), finite);
    }

    /** The bytes of the elements, one buffer at a time. */
    private static final class Body {

        private final InputStream in;
        private final NpyHeader header;
        private final int elementBytes;
        private final ByteBuffer buffer;
        private long taken;

        Body(InputStream in, NpyHeader header) {
            this.in = in;
            this.header = header;
            this.elementBytes = header.dtype().componentBytes() * header.dtype().components();
            this.buffer = ByteBuffer.allocate(BUFFER_BYTES).order(header.byteOrder());
        }

        /** Fills the buffer with at most {@code left} elements and returns their number. */
        int next(int left) throws IOException {
            int wanted = (int) Math.min((long) left * elementBytes, BUFFER_BYTES);
            int got = in.readNBytes(buffer.array(), 0, wanted);
            taken += got;
            if (got < wanted) {
                long declared = (long) header.shape().count() * elementBytes;
                throw Malformed.npy(
                        "shape " + header.shape() + " declares " + declared + " bytes of data, " + taken + " present");
            }
            buffer.clear().limit(wanted);
            return wanted / elementBytes;
        }
    }
}
