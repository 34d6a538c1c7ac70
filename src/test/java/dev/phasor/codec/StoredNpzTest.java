package dev.phasor.codec;

import static dev.phasor.Refused.assertRefused;
import static dev.phasor.codec.NpyBytes.ofFloats;
import static dev.phasor.codec.NpzBytes.read;
import static dev.phasor.codec.NpzBytes.stored;
import static dev.phasor.codec.NpzBytes.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.phasor.fuzz.Bounded;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Entries that are read before the directory is known. */
class StoredNpzTest {

    private static final byte[] FIRST = ofFloats("(2,)", floats(1, 2));
    private static final byte[] SECOND = ofFloats("(3,)", floats(3, 4, 5));

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** Two arrays, {@code a.npy} and {@code b.npy}, stored. */
    private static byte[] two() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a.npy", FIRST);
        entries.put("b.npy", SECOND);
        return stored(entries);
    }

    /** Each entry stored or deflated, in any order: the arrays are those that were written. */
    @RepeatedTest(20)
    void storedAndDeflatedEntriesMayStandSideBySide(RepetitionInfo turn) throws IOException {
        Random random = new Random(turn.getCurrentRepetition());
        Map<String, byte[]> entries = new LinkedHashMap<>();
        Map<String, float[]> expected = new LinkedHashMap<>();
        List<String> stored = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            float[] values = new float[random.nextInt(3) == 0 ? 40_000 : random.nextInt(5)];
            for (int k = 0; k < values.length; k++) {
                values[k] = random.nextFloat();
            }
            String name = (char) ('f' - i) + ".npy";
            entries.put(name, ofFloats("(" + values.length + ",)", floats(values)));
            expected.put(name.substring(0, 1), values);
            if (random.nextInt(3) > 0) {
                stored.add(name);
            }
        }
        Map<String, NpyArray> arrays = read(zip(entries, stored::contains));
        assertThat(arrays.keySet()).containsExactlyElementsOf(expected.keySet());
        arrays.forEach((name, array) -> assertThat(array.real()).isEqualTo(expected.get(name)));
    }

    @Test
    void whatTheDirectoryDoesNotListIsNotThere() throws IOException {
        byte[] npz = two();
        int second = directory(npz, 1);
        byte[] without = Arrays.copyOf(npz, npz.length);
        // The end record says that there is one, and where the directory begins: at its second entry.
        int end = npz.length - 22;
        ByteBuffer.wrap(without)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(end + 8, (short) 1)
                .putShort(end + 10, (short) 1)
                .putInt(end + 16, second);
        assertThat(read(without)).containsOnlyKeys("b");
    }

    static Stream<Arguments> hostile() {
        byte[] good = two();
        int first = directory(good, 0);
        int second = directory(good, 1);
        int secondLocal = view(good).getInt(second + 42);
        Map<String, byte[]> many = new LinkedHashMap<>();
        for (int i = 0; i <= NpzReader.MAX_ENTRIES; i++) {
            many.put(i + ".npy", FIRST);
        }
        Map<String, byte[]> halves = new LinkedHashMap<>();
        halves.put("a.npy", ofFloats("(150000,)", new byte[600_000]));
        halves.put("b.npy", ofFloats("(150000,)", new byte[600_000]));
        return Stream.of(
                arguments("checksum", with(good, first + 16, 0), Code.MALFORMED_NPZ, "\"a.npy\": the checksum"),
                arguments(
                        "listed twice",
                        with(good, second + 42, 0),
                        Code.MALFORMED_NPZ,
                        "where the directory says, once"),
                arguments("lying offset", with(good, second + 42, 1), Code.MALFORMED_NPZ, "\"b.npy\" must be where"),
                arguments("lying size", with(good, first + 20, 3), Code.MALFORMED_NPZ, "\"a.npy\" must be where"),
                arguments("lying method", with(good, first + 10, 8), Code.MALFORMED_NPZ, "\"a.npy\" must be where"),
                arguments("encrypted", with(good, first + 8, 1), Code.MALFORMED_NPZ, "must not be encrypted"),
                arguments("data before the file", with(good, first + 45, 0x80), Code.MALFORMED_NPZ, "an offset"),
                arguments(
                        "a size before the data that is too small",
                        with(good, secondLocal + 18, SECOND.length - 4),
                        Code.MALFORMED_NPY,
                        "\"b.npy\": NPY: shape [3] declares 12 bytes of data, 8 present"),
                arguments(
                        "a size before the data that is too large",
                        with(good, secondLocal + 18, SECOND.length + 1),
                        Code.MALFORMED_NPY,
                        "\"b.npy\": NPY: there must be no bytes after the data"),
                arguments(
                        "a size before the data beyond the file",
                        with(good, secondLocal + 21, 0x70),
                        Code.MALFORMED_NPY,
                        "no bytes after the data"),
                arguments("65 arrays", stored(many), Code.MALFORMED_NPZ, "at most 64 arrays, got 65"),
                arguments(
                        "pickle inside",
                        stored(Map.of("p.npy", new byte[] {(byte) 0x80, 4, '}', '.', 0, 0})),
                        Code.MALFORMED_NPY,
                        "entry \"p.npy\": NPY: must begin with"),
                arguments(
                        "too large",
                        stored(Map.of("a.npy", ofFloats("(12500000,)", new byte[8]))),
                        Code.TOO_LARGE,
                        "must be at most 1048576 bytes, got 50000000"),
                arguments("two too large", stored(halves), Code.TOO_LARGE, "got 600000 after 600000"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void hostile(String name, byte[] npz, Code code, String message) {
        assertRefused(code, () -> read(npz, Bounded.LIMITS)).hasMessageContaining(message);
    }

    @Test
    void everyBeginningIsRefused() {
        byte[] npz = two();
        for (int length = 2; length < npz.length; length++) {
            byte[] beginning = Arrays.copyOf(npz, length);
            assertRefused(Code.MALFORMED_NPZ, () -> read(beginning)).hasMessageContaining("truncated");
        }
    }

    /** One byte changed is refused, or in no array. */
    @Test
    void noDamageChangesAnArray() throws IOException {
        byte[] npz = two();
        for (int at = 0; at < npz.length; at++) {
            byte[] damaged = with(npz, at, npz[at] ^ 0xff);
            try {
                read(damaged)
                        .values()
                        .forEach(array ->
                                assertThat(array.real()).isIn((Object) new float[] {1, 2}, new float[] {3, 4, 5}));
            } catch (InvalidInputException e) {
                assertThat(e.code()).isIn(Code.MALFORMED_NPZ, Code.MALFORMED_NPY, Code.TOO_LARGE);
            }
        }
    }

    private static int directory(byte[] npz, int entry) {
        int at = view(npz).getInt(npz.length - 6);
        for (int i = 0; i < entry; i++) {
            at += 46
                    + view(npz).getShort(at + 28)
                    + view(npz).getShort(at + 30)
                    + view(npz).getShort(at + 32);
        }
        return at;
    }

    private static ByteBuffer view(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }
}
