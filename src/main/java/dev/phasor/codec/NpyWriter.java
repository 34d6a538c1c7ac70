package dev.phasor.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes NPY version 1.0 as numpy does: {@code <f4} or {@code <c8}, in the array's order, the data at a multiple of 64
 * bytes. The stream is neither flushed nor closed.
 */
public final class NpyWriter {

    private static final int ALIGNMENT = 64;
    private static final int PREFIX_BYTES = 10;
    private static final int BUFFER_FLOATS = 1 << 14;

    private NpyWriter() {}

    public static void write(NpyArray array, OutputStream out) throws IOException {
        out.write(header(array));
        ByteBuffer buffer = ByteBuffer.allocate(4 * BUFFER_FLOATS).order(ByteOrder.LITTLE_ENDIAN);
        int components = array.isComplex() ? 2 : 1;
        int most = BUFFER_FLOATS / components;
        int total = array.real().length;
        for (int done = 0; done < total; done += most) {
            int count = Math.min(most, total - done);
            if (array.isComplex()) {
                FloatPairs.join(array.real(), array.imaginary(), done, count, buffer.array());
            } else {
                buffer.asFloatBuffer().put(array.real(), done, count);
            }
            out.write(buffer.array(), 0, 4 * components * count);
        }
    }

    /** The number of bytes that {@link #write} writes. */
    public static long size(NpyArray array) {
        return header(array).length + 4L * (array.isComplex() ? 2 : 1) * array.real().length;
    }

    private static byte[] header(NpyArray array) {
        return header(
                array.isComplex() ? "<c8" : "<f4",
                array.isColumnMajor(),
                array.shape().toArray());
    }

    /**
     * The header of an array whose first axis varies fastest, float32 or complex64, for data that are written
     * elsewhere.
     */
    public static byte[] columnMajorHeader(boolean complex, int... sizes) {
        return header(complex ? "<c8" : "<f4", true, sizes);
    }

    /** @param descr numpy's type */
    static byte[] header(String descr, boolean columnMajor, int[] sizes) {
        String shape = Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String dictionary = "{'descr': '" + descr + "', 'fortran_order': "
                + (columnMajor ? "True" : "False") + ", 'shape': (" + shape + (sizes.length == 1 ? "," : "")
                + "), }";
        int unpadded = PREFIX_BYTES + dictionary.length() + 1;
        String padding = " ".repeat((ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT);
        byte[] text = (dictionary + padding + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(PREFIX_BYTES + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(NpyHeader.MAGIC.getBytes(StandardCharsets.ISO_8859_1))
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) text.length)
                .put(text)
                .array();
    }
}
