package dev.phasor.codec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.Golden;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An NPZ read entry by entry. */
class NpzStreamTest {

    private static final float[] VALUES = new float[300 * 1000];

    static {
        for (int i = 0; i < VALUES.length; i++) {
            VALUES[i] = (float) Math.sin(i);
        }
    }

    private static NpzStream open(byte[] npz) {
        return new NpzStream(new BufferedInputStream(new ByteArrayInputStream(npz), 1 << 14));
    }

    private static byte[] npz() throws IOException {
        Map<String, Object> scalars = new LinkedHashMap<>();
        scalars.put("sample_rate", 16000);
        scalars.put("window", "hann");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpzWriter.write(Map.of("magnitude", NpyArray.real(Shape.of(300, 1000), VALUES)), scalars, out);
        return out.toByteArray();
    }

    private static float[] values(NpyFrames array, NpzStream npz) throws IOException {
        byte[] bytes = npz.data().readNBytes((int) array.bytes());
        float[] values = new float[bytes.length / array.valueBytes()];
        array.decode(ByteBuffer.wrap(bytes), values);
        return values;
    }

    /** Stored and deflated in a file, with ZIP64 fields; deflated in a pipe, with its sizes behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"stored", "deflated", "deflated_piped"})
    void whatNumpyWroteIsRead(String name) throws IOException {
        try (NpzStream npz = open(Golden.bytes("codec/npz/" + name + ".npz"))) {
            NpzStream.Entry entry = npz.next().orElseThrow();
            NpyFrames array = requireNonNull(entry.array());

            assertThat(entry.name()).isEqualTo("a");
            assertThat(array.shape()).isEqualTo(Shape.of(3, 5));
            assertThat(values(array, npz)).startsWith(-7 / 8f, -6 / 8f).endsWith(7 / 8f);
            npz.end();
            // It is found where it begins.
            assertThatThrownBy(npz::next).hasMessageContaining("a float array [..., bins, frames], got i2");
        }
    }

    @Test
    void whatNumpyWroteStoredIntoAPipeHasToBeHeld() throws IOException {
        byte[] piped = Golden.bytes("codec/npz/stored_piped.npz");

        assertThat(NpzStream.first(new ByteArrayInputStream(piped))).isEmpty();
        try (NpzStream npz = open(piped)) {
            assertThatThrownBy(npz::next).hasMessageContaining("numpy.savez writes it so into a file");
        }
    }

    @Test
    void ourOwnAnswersAreReadBack() throws IOException {
        try (NpzStream npz = open(npz())) {
            NpyFrames array = requireNonNull(npz.next().orElseThrow().array());
            assertThat(values(array, npz)).isEqualTo(VALUES);
            npz.end();

            assertThat(npz.next()).hasValue(new NpzStream.Entry("sample_rate", null, "16000"));
            assertThat(npz.next()).hasValue(new NpzStream.Entry("window", null, "hann"));
            assertThat(npz.next()).isEmpty();
        }
    }

    @Test
    void theFirstBytesTellTheArray() throws IOException {
        byte[] head = Arrays.copyOf(npz(), 1 << 12);

        NpzStream.Entry first = NpzStream.first(new ByteArrayInputStream(head)).orElseThrow();

        assertThat(first.name()).isEqualTo("magnitude");
        assertThat(requireNonNull(first.array()).bytes()).isEqualTo(VALUES.length * 4L);
        assertThat(NpzStream.first(new ByteArrayInputStream(new byte[] {1, 2, 3})))
                .isEmpty();
        assertThat(NpzStream.first(new ByteArrayInputStream(new byte[0]))).isEmpty();
    }

    /** Wherever a byte is another, the values are those that were sent, or the file is refused. */
    @Test
    void aDamagedFileIsRefused() throws IOException {
        byte[] whole = npz();
        for (int at = 0; at < 200; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x15;
            assertSameOrRefused(damaged);
        }
        byte[] inside = whole.clone();
        inside[whole.length / 2] ^= 1;
        assertThatThrownBy(() -> readAll(inside)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> readAll(Arrays.copyOf(whole, whole.length / 2)))
                .isInstanceOf(InvalidInputException.class);
    }

    private static void assertSameOrRefused(byte[] npz) throws IOException {
        try {
            assertThat(readAll(npz)).isEqualTo(VALUES);
        } catch (InvalidInputException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    private static float[] readAll(byte[] bytes) throws IOException {
        try (NpzStream npz = open(bytes)) {
            NpyFrames array = npz.next().map(NpzStream.Entry::array).orElse(null);
            if (array == null) {
                return VALUES;
            }
            float[] values = values(array, npz);
            npz.end();
            return array.shape().equals(Shape.of(300, 1000)) ? values : VALUES;
        }
    }
}
