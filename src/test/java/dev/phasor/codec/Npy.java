package dev.phasor.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** NPY bytes to and fro, and files with any header. */
final class Npy {

    static final CodecLimits LIMITS = new CodecLimits(1 << 20);

    private Npy() {}

    static NpyArray read(byte[] npy) throws IOException {
        return NpyReader.read(new ByteArrayInputStream(npy), LIMITS);
    }

    static byte[] write(NpyArray array) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyWriter.write(array, out);
        return out.toByteArray();
    }

    /** Version 1.0 with this dictionary. */
    static byte[] file(String dictionary, byte... data) {
        byte[] header = dictionary.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(10 + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(prefix(1))
                .putShort((short) header.length)
                .put(header)
                .put(data)
                .array();
    }

    static byte[] prefix(int version) {
        return new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0};
    }

    /** A {@code <f4} file of this shape, written as it is. */
    static byte[] shaped(String shape, byte... data) {
        return file("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }", data);
    }
}
