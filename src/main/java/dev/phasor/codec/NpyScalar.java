package dev.phasor.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** One value in NPY, as {@code numpy.savez(name, hop_length=256, window="hann")} writes two of them. */
final class NpyScalar {

    /** Letters of a string. No value of a parameter is longer. */
    private static final int MOST_LETTERS = 256;

    private static final Charset UTF_32_LE = Charset.forName("UTF-32LE");
    private static final Charset UTF_32_BE = Charset.forName("UTF-32BE");

    private NpyScalar() {}

    /**
     * Reads the value behind a header, to the end of the stream.
     *
     * @param descr numpy's type: an integer, a float, a boolean or a string
     * @return numbers exactly, booleans as {@code true} and {@code false}
     * @throws dev.phasor.signal.InvalidInputException {@code MALFORMED_NPY}
     */
    static String read(String descr, InputStream in) throws IOException {
        boolean bigEndian = descr.startsWith(">");
        char kind = descr.length() < 3 ? ' ' : descr.charAt(1);
        int size = kind == ' ' ? 0 : size(descr);
        return switch (kind) {
            case 'U' -> text(take(in, 4 * size), bigEndian ? UTF_32_BE : UTF_32_LE);
            case 'S' -> text(take(in, size), StandardCharsets.UTF_8);
            case 'b', 'i', 'u', 'f' ->
                number(
                        descr,
                        ByteBuffer.wrap(take(in, size))
                                .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN));
            default -> throw unknown(descr);
        };
    }

    private static int size(String descr) {
        String digits = descr.substring(2);
        int size = digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : 0;
        if (size < 1 || size > MOST_LETTERS) {
            throw unknown(descr);
        }
        return size;
    }

    private static String number(String descr, ByteBuffer value) {
        return switch (descr.substring(1)) {
            case "b1" -> String.valueOf(value.get() != 0);
            case "i1" -> String.valueOf(value.get());
            case "i2" -> String.valueOf(value.getShort());
            case "i4" -> String.valueOf(value.getInt());
            case "i8" -> String.valueOf(value.getLong());
            case "u1" -> String.valueOf(Byte.toUnsignedInt(value.get()));
            case "u2" -> String.valueOf(Short.toUnsignedInt(value.getShort()));
            case "u4" -> Integer.toUnsignedString(value.getInt());
            case "u8" -> Long.toUnsignedString(value.getLong());
            case "f2" -> String.valueOf(Float16.toFloat(value.getShort()));
            case "f4" -> String.valueOf(value.getFloat());
            case "f8" -> String.valueOf(value.getDouble());
            default -> throw unknown(descr);
        };
    }

    /** numpy fills up with zeros. */
    private static String text(byte[] bytes, Charset charset) {
        return new String(bytes, charset).replaceAll("\0+$", "");
    }

    private static byte[] take(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count || in.read() >= 0) {
            throw Malformed.npy("shape () declares " + count + " bytes of data, "
                    + (bytes.length < count ? bytes.length : "more") + " present");
        }
        return bytes;
    }

    private static RuntimeException unknown(String descr) {
        return Malformed.npy("the type of a value without an axis must be b1, i1..i8, u1..u8, f2..f8 or a string of at"
                + " most " + MOST_LETTERS + " letters, got " + Malformed.quoted(descr));
    }

    /** Writes a whole number as int64, another as float64, a boolean, or else the value's text as a string. */
    static void write(Object value, OutputStream out) throws IOException {
        if (value instanceof Boolean truth) {
            write("|b1", new byte[] {(byte) (truth ? 1 : 0)}, out);
        } else if (value instanceof Integer || value instanceof Long) {
            write("<i8", number().putLong(((Number) value).longValue()).array(), out);
        } else if (value instanceof Number number) {
            write("<f8", number().putDouble(number.doubleValue()).array(), out);
        } else {
            // numpy's shortest string has one letter.
            String text = value.toString();
            byte[] letters = (text.isEmpty() ? "\0" : text).getBytes(UTF_32_LE);
            write("<U" + letters.length / 4, letters, out);
        }
    }

    private static ByteBuffer number() {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void write(String descr, byte[] value, OutputStream out) throws IOException {
        out.write(NpyWriter.header(descr, false, new int[0]));
        out.write(value);
    }
}
