package dev.phasor.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Golden;
import dev.phasor.signal.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes, a reader answers with a value or says what is wrong with them. */
class HostileBytesTest {

    private static final CodecLimits LIMITS = new CodecLimits(1 << 16);
    private static final int FLIPS_PER_FILE = 300;

    static List<String> goldenFiles() {
        return Stream.of("wav", "flac", "npy", "npz")
                .flatMap(kind -> Golden.names("codec/" + kind, "." + kind).stream())
                .filter(name -> !name.endsWith("piped.flac")) // without a length, it may end after any frame
                .toList();
    }

    /** True if the bytes were read, false if they were refused; any other exception fails the test. */
    private static boolean isRead(String name, byte[] bytes) throws IOException {
        InputStream in = new ByteArrayInputStream(bytes);
        try {
            if (name.endsWith(".wav")) {
                WavReader.readAll(in, LIMITS);
            } else if (name.endsWith(".flac")) {
                FlacReader.readAll(in, LIMITS);
            } else if (name.endsWith(".npy")) {
                NpyReader.read(in, LIMITS);
            } else {
                NpzReader.read(in, LIMITS);
            }
            return true;
        } catch (InvalidInputException e) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void aFileCutAnywhereIsRefused(String name) throws IOException {
        byte[] whole = Golden.bytes(name);
        assertThat(isRead(name, whole)).isTrue();
        for (int length = 0; length < whole.length; length++) {
            assertThat(isRead(name, Arrays.copyOf(whole, length)))
                    .as("%d of %d bytes", length, whole.length)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void changedBytesAreReadOrRefused(String name) throws IOException {
        Random random = new Random(name.hashCode());
        byte[] whole = Golden.bytes(name);
        int refused = 0;
        for (int trial = 0; trial < FLIPS_PER_FILE; trial++) {
            byte[] changed = whole.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                // Half of the changes hit the header, where sizes stand.
                int range = random.nextBoolean() ? Math.min(64, changed.length) : changed.length;
                int at = random.nextInt(range);
                changed[at] =
                        random.nextBoolean() ? (byte) random.nextInt() : (byte) (changed[at] ^ 1 << random.nextInt(8));
            }
            refused += isRead(name, changed) ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }
}
