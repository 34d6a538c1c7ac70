package dev.phasor.codec;

import dev.phasor.signal.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header of an NPY file, versions 1 to 3.
 *
 * @param fortranOrder whether the first axis varies fastest in the file, instead of the last
 */
record NpyHeader(NpyDtype dtype, ByteOrder byteOrder, boolean fortranOrder, Shape shape) {

    static final String MAGIC = "\u0093NUMPY";

    /** numpy's own default limit. */
    private static final int MAX_LENGTH = 10_000;

    private static final int MAX_RANK = 8;

    /** Reads up to the data. */
    static NpyDictionary dictionary(InputStream in) throws IOException {
        byte[] magic = in.readNBytes(MAGIC.length());
        if (!latin1(magic).equals(MAGIC)) {
            byte[] head = Arrays.copyOf(magic, FirstBytes.COUNT);
            int more = in.readNBytes(head, magic.length, FirstBytes.COUNT - magic.length);
            throw Malformed.npy(
                    "must begin with \\x93NUMPY, got " + FirstBytes.name(Arrays.copyOf(head, magic.length + more)));
        }
        int major = take(in, 2, "version")[0];
        if (major < 1 || major > 3) {
            throw Malformed.npy("version must be 1, 2 or 3, got " + major);
        }
        byte[] lengthBytes = take(in, major == 1 ? 2 : 4, "header length");
        long length = 0;
        for (int i = lengthBytes.length - 1; i >= 0; i--) {
            length = length << 8 | (lengthBytes[i] & 0xff);
        }
        if (length > MAX_LENGTH) {
            throw Malformed.npy("header length must be at most " + MAX_LENGTH + ", got " + length
                    + " (curl -d leaves bytes out: use --data-binary)");
        }
        // In every version the supported keys and types are ASCII.
        return NpyDictionary.parse(latin1(take(in, (int) length, "header")));
    }

    /** @param used bytes of earlier arrays, which count against {@code limits} too */
    static NpyHeader of(NpyDictionary dictionary, CodecLimits limits, long used) {
        String descr = dictionary.descr();
        char order = descr.isEmpty() ? ' ' : descr.charAt(0);
        NpyDtype dtype =
                order == '<' || order == '>' || order == '|' ? NpyDtype.of(descr.substring(1)) : NpyDtype.of(descr);
        if (order != '<' && order != '>' && dtype.componentBytes() > 1) {
            throw Malformed.npy("dtype must tell its byte order, < or >, got " + Malformed.quoted(descr));
        }
        return new NpyHeader(
                dtype,
                order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                dictionary.fortranOrder(),
                shape(dictionary.shape(), 4L * dtype.components(), limits, used));
    }

    private static Shape shape(long[] sizes, long valueBytes, CodecLimits limits, long used) {
        if (sizes.length > MAX_RANK) {
            throw Malformed.npy("shape must have at most " + MAX_RANK + " axes, got " + sizes.length);
        }
        int[] checked = new int[sizes.length];
        long bytes = valueBytes;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (Math.multiplyHigh(bytes, Math.max(1, sizes[axis])) != 0 || bytes * Math.max(1, sizes[axis]) < 0) {
                throw Malformed.npy("shape must not overflow, got " + Arrays.toString(sizes));
            }
            bytes *= Math.max(1, sizes[axis]);
            checked[axis] = (int) sizes[axis];
        }
        // Axes of size 0 count as 1, so the other sizes of an empty array are checked too.
        limits.check("array of shape " + Arrays.toString(sizes), used, bytes);
        return Shape.of(checked);
    }

    private static byte[] take(InputStream in, int count, String what) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw Malformed.npy(what + " must have " + count + " bytes, " + bytes.length + " present");
        }
        return bytes;
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
