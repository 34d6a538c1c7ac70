package dev.phasor.codec;

import static dev.phasor.Refused.assertRefused;
import static dev.phasor.codec.NpyBytes.file;
import static dev.phasor.codec.NpyBytes.ofFloats;
import static dev.phasor.codec.NpyBytes.prefix;
import static dev.phasor.codec.NpyBytes.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.phasor.Golden;
import dev.phasor.fuzz.Bounded;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyReaderTest {

    static List<String> goldenFiles() {
        return Golden.names("codec/npy", ".npy");
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void everyTypeAndOrderIsReadAsNumpyWroteIt(String name) throws IOException {
        NpyArray array = read(Golden.bytes(name)).rowMajor();

        assertThat(array.shape()).isEqualTo(Shape.of(3, 5));
        assertThat(array.dtype().code()).isEqualTo(name.replaceAll(".*/|_.*", ""));
        for (int k = 0; k < 15; k++) {
            assertThat(array.real()[k]).isEqualTo((k - 7) / 8f);
            if (array.isComplex()) {
                assertThat(array.imaginary()[k]).isEqualTo((7 - k) / 4f);
            }
        }
    }

    @Test
    void everyTypeWasTried() {
        assertThat(goldenFiles().stream()
                        .map(name -> NpyDtype.of(name.replaceAll(".*/|_.*", "")))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(
                        EnumSet.complementOf(EnumSet.of(NpyDtype.BOOL, NpyDtype.BFLOAT16)));
    }

    /** Whatever is not finite is seen while it is read, wherever it stands. */
    @ParameterizedTest
    @ValueSource(strings = {"<c8", ">c8", "<f4", ">f4", "<c16", "<f8", "<f2"})
    void whatIsNotFiniteIsSeen(String descr) throws IOException {
        boolean complex = descr.charAt(1) == 'c';
        int bytes = (descr.endsWith("16") ? 16 : descr.charAt(2) - '0') / (complex ? 2 : 1);
        int count = complex ? 8 : 4;
        String dictionary = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (4,)}";
        ByteOrder order = descr.charAt(0) == '<' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        for (double value : new double[] {0, -0.0, 1, -1e-5, -65504}) {
            assertThat(read(file(dictionary, numbers(count, bytes, order, 0, value)))
                            .isKnownFinite())
                    .isTrue();
        }
        for (int at = 0; at < count; at++) {
            for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                NpyArray array = read(file(dictionary, numbers(count, bytes, order, at, value)));
                assertThat(array.isKnownFinite()).as(value + " at " + at).isFalse();
                float[] part = complex && at % 2 == 1 ? array.imaginary() : array.real();
                assertThat(part[complex ? at / 2 : at]).isEqualTo(Float.valueOf((float) value));
            }
        }
    }

    private static byte[] numbers(int count, int bytes, ByteOrder order, int at, double value) {
        ByteBuffer buffer = ByteBuffer.allocate(count * bytes).order(order);
        for (int i = 0; i < count; i++) {
            double number = i == at ? value : -0.5;
            switch (bytes) {
                case 2 -> buffer.putShort(half(number));
                case 4 -> buffer.putFloat((float) number);
                default -> buffer.putDouble(number);
            }
        }
        return buffer.array();
    }

    /** Of the few numbers used here. */
    private static short half(double number) {
        if (Double.isNaN(number)) {
            return 0x7e00;
        }
        int sign = Math.copySign(1, number) < 0 ? 0x8000 : 0;
        double size = Math.abs(number);
        int bits = size == 0 ? 0 : size == 0.5 ? 0x3800 : size == 1 ? 0x3c00 : size == 1e-5 ? 0xa8 : 0x7bff;
        return (short) (sign | (Double.isInfinite(size) ? 0x7c00 : bits));
    }

    /** An array that the limits promise is taken at once; a longer one grows. */
    @Test
    void whatIsPromisedIsTakenAtOnce() throws IOException {
        byte[] npy = ofFloats("(100000,)", new byte[400_000]);
        List<Long> taken = new ArrayList<>();
        NpyReader.read(new ByteArrayInputStream(npy), new CodecLimits(CodecLimits.LARGEST, taken::add, () -> 400_000));
        assertThat(taken).containsExactly(400_000L);

        taken.clear();
        NpyReader.read(new ByteArrayInputStream(npy), new CodecLimits(CodecLimits.LARGEST, taken::add, () -> 200_000));
        assertThat(taken).containsExactly(200_000L, 400_000L);
    }

    @Test
    void booleansAreZeroAndOne() throws IOException {
        byte[] npy = file("{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", (byte) 1, (byte) 0, (byte) 1);

        assertThat(read(npy).real()).containsExactly(1, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr':'<f4','fortran_order':False,'shape':(2,)}",
                "{\"shape\": (2,), \"fortran_order\": True, \"descr\": \"<f4\"}",
                "{ 'shape' : ( 1 , 2 ) , 'descr' : '<f4' , 'fortran_order' : False , }   \n",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2), }",
            })
    void headersAreReadHoweverTheyAreSpaced(String dictionary) throws IOException {
        byte[] data = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0};
        NpyArray array = read(file(dictionary, data));
        assertThat(array.shape().count()).isEqualTo(2);
        assertThat(array.real()).containsExactly(1, -2);
    }

    @Test
    void aScalarHasNoAxis() throws IOException {
        NpyArray array = read(ofFloats("()", new byte[4]));
        assertThat(array.shape()).isEqualTo(Shape.SCALAR);
        assertThat(array.real()).containsExactly(0);
    }

    @ParameterizedTest
    @CsvSource({"'(0,)', 1", "'(2, 0, 5)', 3"})
    void anArrayMayBeEmpty(String shape, int rank) throws IOException {
        NpyArray array = read(ofFloats(shape));
        assertThat(array.real()).isEmpty();
        assertThat(array.shape().rank()).isEqualTo(rank);
    }

    @Test
    void doublesBeyondFloat32AreInfinite() throws IOException {
        byte[] data = ByteBuffer.allocate(24)
                .putDouble(1e300)
                .putDouble(-1e39)
                .putDouble(1e-60)
                .array();
        NpyArray array = read(file("{'descr': '>f8', 'fortran_order': False, 'shape': (3,)}", data));
        assertThat(array.real()).containsExactly(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "0000, 0.0",
        "8000, -0.0",
        "0001, 5.9604645e-8",
        "83ff, -6.097555e-5",
        "0400, 6.1035156e-5",
        "3c00, 1.0",
        "c000, -2.0",
        "7bff, 65504.0",
        "7c00, Infinity",
        "fc00, -Infinity",
        "7e00, NaN"
    })
    void halvesAreExact(String bits, float expected) {
        assertThat(Float16.toFloat((short) Integer.parseInt(bits, 16))).isEqualTo(Float.valueOf(expected));
    }

    @Test
    void threeAxesInFortranOrder() throws IOException {
        byte[] data = new byte[24];
        for (int i = 0; i < 24; i++) {
            data[i] = (byte) i; // in the file the first axis is the fastest
        }
        NpyArray array = read(file("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3, 4)}", data));
        for (int k = 0; k < 24; k++) {
            int[] index = Shape.of(2, 3, 4).index(k);
            assertThat(array.real()[k]).isEqualTo((index[0] + 2 * (index[1] + 3 * index[2])) / 128f);
        }
    }

    static Stream<Arguments> malformed() {
        byte[] eight = new byte[8];
        return Stream.of(
                arguments("empty", new byte[0], "must begin with \\x93NUMPY, got nothing"),
                arguments("pickle", new byte[] {(byte) 0x80, 4, '}', '.', 0, 0, 0}, "must begin with \\x93NUMPY"),
                arguments("version 0", prefix(0), "version must be 1, 2 or 3, got 0"),
                arguments("version 4", prefix(4), "version must be 1, 2 or 3, got 4"),
                arguments("no header length", prefix(2), "header length must have 4 bytes, 0 present"),
                arguments("header beyond the body", header(1, 0x76, 0), "header must have 118 bytes, 0 present"),
                arguments("huge header", header(2, 0xff, 0xff, 0xff, 0xff), "at most 10000, got 4294967295"),
                arguments("shape beyond the body", ofFloats("(3,)", eight), "declares 12 bytes of data, 8 present"),
                arguments("excess bytes", ofFloats("(1,)", eight), "no bytes after the data of shape [1]"),
                arguments("excess after an empty array", ofFloats("(0,)", eight), "no bytes after the data"),
                arguments("overflow", ofFloats("(4294967296, 4294967296)"), "shape must not overflow"),
                arguments("overflow to a small product", ofFloats("(2147483648, 2147483648, 4)"), "must not overflow"),
                arguments("long size", ofFloats("(9999999999999999999,)"), "at most 18 digits"),
                arguments("negative size", ofFloats("(-1,)"), "a size >= 0"),
                arguments("size of another kind", ofFloats("(2.0,)", eight), "must have ')'"),
                arguments("shape as a list", ofFloats("[2]", eight), "must have '('"),
                arguments("33 axes", ofFloats("(" + "1, ".repeat(33) + ")", eight), "at most 8 axes, got 33"),
                arguments("objects", typed("'|O'"), "dtype must be one of f2, f4"),
                arguments("strings", typed("'|S1'"), "got \"S1\""),
                arguments("strings", typed("'<U5'"), "got \"U5\""),
                arguments("64-bit integers", typed("'<i8'"), "got \"i8\""),
                arguments("long doubles", typed("'<f16'"), "got \"f16\""),
                arguments("structured", typed("[('a', '<f4')]"), "a plain type (structured ones are not read)"),
                arguments("no byte order", typed("'f4'"), "byte order, < or >"),
                arguments("foreign byte order", typed("'|f4'"), "byte order, < or >"),
                arguments("empty type", typed("''"), "dtype must be one of"),
                arguments("code", typed("__import__('os')"), "a plain type"),
                arguments("open string", file("{'descr"), "must have a key at 1"),
                arguments("open dictionary", file("{'descr': '<f4'"), "must have '}'"),
                arguments("no dictionary", file("shape"), "must have '{' at 0, got \"shape\""),
                arguments("empty dictionary", file("{}"), "must have the key descr"),
                arguments("text after it", file("{} {}"), "must have the end at 3"),
                arguments("no shape", file("{'descr': '<f4', 'fortran_order': False}"), "the key shape"),
                arguments("key twice", file("{'descr': '<f4', 'descr': '<f4'}"), "the key descr once"),
                arguments("unknown key", file("{'evil\n': 1}"), "got \"evil?\""),
                arguments("order as a number", file("{'fortran_order': 1}"), "True or False"));
    }

    private static byte[] header(int version, int... length) {
        byte[] bytes = Arrays.copyOf(prefix(version), 8 + length.length);
        for (int i = 0; i < length.length; i++) {
            bytes[8 + i] = (byte) length[i];
        }
        return bytes;
    }

    private static byte[] typed(String descr) {
        return file("{'descr': " + descr + ", 'fortran_order': False, 'shape': (1,), }", new byte[8]);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformed(String name, byte[] npy, String message) {
        assertRefused(Code.MALFORMED_NPY, () -> read(npy, Bounded.LIMITS)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(262145,)", "(1000000000000,)", "(100000, 100000)", "(0, 1000000000000)"})
    void aShapeBeyondTheLimitIsRefusedBeforeItsData(String shape) {
        assertRefused(Code.TOO_LARGE, () -> read(ofFloats(shape), Bounded.LIMITS))
                .hasMessageContaining("must be at most 1048576 bytes, got ");
    }

    @Test
    void aShapeAtTheLimitIsRead() throws IOException {
        assertThat(read(ofFloats("(262144,)", new byte[1 << 20]), Bounded.LIMITS)
                        .real())
                .hasSize(262144);
    }
}
