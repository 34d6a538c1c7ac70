package dev.phasor.codec;

import dev.phasor.Bytes;
import dev.phasor.signal.ComplexSpectrogram;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** NPY bytes to and fro, and files with any header. */
public final class NpyBytes {

    private NpyBytes() {}

    public static NpyArray read(byte[] npy) throws IOException {
        return read(npy, new CodecLimits(CodecLimits.LARGEST));
    }

    public static NpyArray read(byte[] npy, CodecLimits limits) throws IOException {
        return NpyReader.read(new ByteArrayInputStream(npy), limits);
    }

    public static byte[] write(NpyArray array) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyWriter.write(array, out);
        return out.toByteArray();
    }

    /** The same plane [bins, frames] in numpy's Fortran order. */
    public static byte[] columnMajor(byte[] npy) throws IOException {
        NpyArray array = read(npy);
        if (array.isComplex()) {
            ComplexSpectrogram planes = array.toComplexSpectrogram(SpectrogramLayout.COMPLEX);
            return write(
                    NpyArray.complex(array.shape(), planes.re(0), planes.im(0)).columnMajor());
        }
        return write(NpyArray.real(array.shape(), array.toRealSpectrogram().values(0))
                .columnMajor());
    }

    /** Version 1.0 with this dictionary. */
    public static byte[] file(String dictionary, byte... data) {
        byte[] header = dictionary.getBytes(StandardCharsets.ISO_8859_1);
        return Bytes.littleEndian(10 + header.length + data.length)
                .put(prefix(1))
                .putShort((short) header.length)
                .put(header)
                .put(data)
                .array();
    }

    static byte[] prefix(int version) {
        return new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0};
    }

    static byte[] ofFloats(String shape, byte... data) {
        return of("<f4", shape, data);
    }

    /** A type and a shape, written as they are; the data are aligned as NumPy does it. */
    public static byte[] of(String type, String shape, byte... data) {
        String dictionary = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
        return file(dictionary + " ".repeat(Math.floorMod(-11 - dictionary.length(), 64)) + "\n", data);
    }
}
