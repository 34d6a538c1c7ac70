package dev.phasor.codec;

import static dev.phasor.Refused.assertRefused;
import static dev.phasor.codec.NpyBytes.ofFloats;
import static dev.phasor.codec.NpzBytes.read;
import static dev.phasor.codec.NpzBytes.write;
import static dev.phasor.codec.NpzBytes.zip;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.phasor.Golden;
import dev.phasor.fuzz.Bounded;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {

    static List<String> goldenFiles() {
        return Golden.names("codec/npz", ".npz");
    }

    /** Stored and deflated, written to a file and to a pipe (sizes behind the data, ZIP64 fields). */
    @ParameterizedTest
    @MethodSource("goldenFiles")
    void whatNumpyWroteIsRead(String name) throws IOException {
        Map<String, NpyArray> arrays = read(Golden.bytes(name));

        assertThat(arrays.keySet()).containsExactly("a", "b");
        assertThat(arrays.values()).extracting(NpyArray::dtype).containsExactly(NpyDtype.FLOAT64, NpyDtype.INT16);
        for (NpyArray array : arrays.values()) {
            assertThat(array.shape()).isEqualTo(Shape.of(3, 5));
            assertThat(array.real()).startsWith(-7 / 8f, -6 / 8f).endsWith(7 / 8f);
        }
    }

    @Test
    void allFourKindsWereTried() {
        assertThat(goldenFiles())
                .containsExactly(
                        "codec/npz/deflated.npz",
                        "codec/npz/deflated_piped.npz",
                        "codec/npz/stored.npz",
                        "codec/npz/stored_piped.npz");
    }

    @Test
    void namedArraysComeBackInTheirOrder() throws IOException {
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("spectrogram", NpyArray.complex(Shape.of(2, 3), new float[6], new float[] {1, 2, 3, 4, 5, 6}));
        arrays.put("cotangent", NpyArray.real(Shape.of(100, 1000), values));
        arrays.put("empty", NpyArray.real(Shape.of(0), new float[0]));

        Map<String, NpyArray> back = read(write(arrays));
        assertThat(back.keySet()).containsExactly("spectrogram", "cotangent", "empty");
        assertThat(back.values())
                .extracting(NpyArray::shape)
                .containsExactly(Shape.of(2, 3), Shape.of(100, 1000), Shape.of(0));
        List<NpyArray> inOrder = List.copyOf(back.values());
        assertThat(inOrder.get(0).imaginary()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(inOrder.get(1).real()).isEqualTo(values);
    }

    /** It only tells how much memory is taken at first. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.5, 1, 1.001, 100})
    void theExpectedSizeMayBeWrong(double part) throws IOException {
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        byte[] npz = write(Map.of("a", NpyArray.real(Shape.of(100, 1000), values)));

        Npz back = NpzReader.read(
                new ByteArrayInputStream(npz), new CodecLimits(CodecLimits.LARGEST), (long) (part * npz.length));

        assertThat(requireNonNull(back.arrays().get("a")).real()).isEqualTo(values);
    }

    @Test
    void valuesWithoutAnAxisAreReadExactly() throws IOException {
        Map<String, String> expected = new String(Golden.bytes("codec/scalars.txt"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(line -> line[0], line -> line[1]));

        Npz npz = NpzReader.read(
                new ByteArrayInputStream(Golden.bytes("codec/scalars.npz")), new CodecLimits(CodecLimits.LARGEST));

        assertThat(npz.arrays()).isEmpty();
        assertThat(npz.scalars()).isEqualTo(expected);
    }

    @Test
    void valuesWithoutAnAxisComeBack() throws IOException {
        Map<String, Object> scalars = new LinkedHashMap<>();
        scalars.put("length", 123_456_789_012L);
        scalars.put("hop_length", -256);
        scalars.put("beta", 0.1);
        scalars.put("center", true);
        scalars.put("window", "hann");
        scalars.put("nothing", "");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpzWriter.write(Map.of("a", NpyArray.real(Shape.of(1), new float[1])), scalars, out);

        Npz npz = NpzReader.read(new ByteArrayInputStream(out.toByteArray()), new CodecLimits(CodecLimits.LARGEST));

        assertThat(npz.arrays()).containsOnlyKeys("a");
        assertThat(npz.scalars().keySet()).containsExactlyElementsOf(scalars.keySet());
        scalars.forEach(
                (name, value) -> assertThat(npz.scalars().get(name)).as(name).isEqualTo(value.toString()));
    }

    /** The value's bytes are said by its type alone. */
    @ParameterizedTest
    @CsvSource({
        "<i8, 7, 7 present",
        "<i8, 9, more present",
        "<U2, 7, 7 present",
        "<U0, 0, at most 256 letters",
        "<U257, 1028, at most 256 letters",
        "<U9999999999, 4, at most 256 letters",
        "|O, 4, |O",
        "<M8, 8, <M8",
        "<c8, 8, <c8",
        "<i3, 3, <i3",
        "i, 1, i",
    })
    void aValueOfAnotherTypeIsRefused(String descr, int bytes, String said) {
        byte[] header = NpyWriter.header(descr, false, new int[0]);
        byte[] npy = Arrays.copyOf(header, header.length + bytes);

        assertRefused(Code.MALFORMED_NPY, () -> read(zip(Map.of("hop_length.npy", npy))))
                .hasMessageContaining("hop_length")
                .hasMessageContaining(said);
    }

    @Test
    void theSameArraysAreTheSameBytes() throws IOException {
        Map<String, NpyArray> arrays = Map.of("a", NpyArray.real(Shape.of(1), new float[] {1}));
        assertThat(write(arrays)).isEqualTo(write(arrays));
    }

    @Test
    void aFileWithoutArraysIsEmpty() throws IOException {
        assertThat(read(write(Map.of()))).isEmpty();
    }

    @Test
    void aNameIsOnlyAKey() throws IOException {
        byte[] npz = zip(Map.of("../../etc/passwd.npy", ofFloats("(1,)", new byte[4])));
        assertThat(read(npz, Bounded.LIMITS)).containsOnlyKeys("../../etc/passwd");
    }

    static Stream<Arguments> hostile() {
        byte[] one = ofFloats("(1,)", new byte[4]);
        byte[] good = zip(Map.of("a.npy", one));
        int directory = indexOf(good, 'P', 'K', 1, 2);
        Map<String, byte[]> many = new LinkedHashMap<>();
        for (int i = 0; i <= NpzReader.MAX_ENTRIES; i++) {
            many.put(i + ".npy", one);
        }
        Map<String, byte[]> halves = new LinkedHashMap<>();
        halves.put("a.npy", ofFloats("(150000,)", new byte[600_000]));
        halves.put("b.npy", ofFloats("(150000,)", new byte[600_000]));
        byte[] twice = zip(Map.of("a.npy", one, "b.npy", one));
        for (int i = 0; i < twice.length - 5; i++) {
            twice[i] = twice[i] == 'b' && twice[i + 1] == '.' && twice[i + 2] == 'n' ? (byte) 'a' : twice[i];
        }
        return Stream.of(
                arguments("empty", new byte[0], Code.MALFORMED_NPZ, "must begin with PK, got nothing"),
                arguments("an NPY", one, Code.MALFORMED_NPZ, "must begin with PK, got an NPY file"),
                arguments("truncated", Arrays.copyOf(good, good.length - 1), Code.MALFORMED_NPZ, "a ZIP file"),
                arguments("encrypted", with(good, directory + 8, 1), Code.MALFORMED_NPZ, "must not be encrypted"),
                arguments("bzip2", with(good, directory + 10, 12), Code.MALFORMED_NPZ, "got method 12"),
                arguments("checksum", with(good, directory + 16, 0), Code.MALFORMED_NPZ, "the checksum"),
                arguments("data beyond the file", with(good, directory + 22, 1), Code.MALFORMED_NPZ, "declares 65"),
                arguments("lying offset", with(good, directory + 42, 1), Code.MALFORMED_NPZ, "where the directory"),
                arguments("offset beyond", with(good, directory + 44, 1), Code.MALFORMED_NPZ, "an offset must be in"),
                arguments("the same name twice", twice, Code.MALFORMED_NPZ, "\"a.npy\" must be there once"),
                arguments("text inside", zip(Map.of("readme.txt", one)), Code.MALFORMED_NPZ, "\"readme.txt\" must be"),
                arguments("folder", zip(Map.of("a/", new byte[0])), Code.MALFORMED_NPZ, "must be an array"),
                arguments("65 arrays", zip(many), Code.MALFORMED_NPZ, "at most 64 arrays, got 65"),
                arguments(
                        "pickle inside",
                        zip(Map.of("p.npy", new byte[] {(byte) 0x80, 4, '}', '.', 0, 0})),
                        Code.MALFORMED_NPY,
                        "entry \"p.npy\": NPY: must begin with"),
                arguments(
                        "bomb behind a small array",
                        zip(Map.of("a.npy", ofFloats("(1,)", new byte[50_000_000]))),
                        Code.MALFORMED_NPY,
                        "no bytes after the data"),
                arguments(
                        "bomb of one array",
                        zip(Map.of("a.npy", ofFloats("(12500000,)", new byte[50_000_000]))),
                        Code.TOO_LARGE,
                        "must be at most 1048576 bytes, got 50000000"),
                arguments("bomb of two arrays", zip(halves), Code.TOO_LARGE, "got 600000 after 600000"),
                arguments("file beyond the limit", new byte[4 << 20], Code.TOO_LARGE, "must be at most 3145728 bytes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void hostile(String name, byte[] npz, Code code, String message) {
        assertRefused(code, () -> read(npz, Bounded.LIMITS)).hasMessageContaining(message);
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static int indexOf(byte[] bytes, int... wanted) {
        for (int at = 0; ; at++) {
            int from = at;
            if (IntStream.range(0, wanted.length).allMatch(i -> bytes[from + i] == wanted[i])) {
                return at;
            }
        }
    }
}
