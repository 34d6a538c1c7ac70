package dev.phasor.codec;

import static dev.phasor.Refused.assertRefused;
import static dev.phasor.codec.FlacBytes.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Bytes;
import dev.phasor.Golden;
import dev.phasor.fuzz.Bounded;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference encoder's files, bit by bit. */
class FlacReaderTest {

    static List<String> goldenFiles() {
        return Golden.names("codec/flac", ".flac");
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void everyFileAgreesWithWhatWasEncoded(String name) throws IOException {
        float[] interleaved = Bytes.toFloats(Golden.bytes(name.replace(".flac", ".f4")));
        AudioSignal audio = read(Golden.bytes(name));

        assertThat(audio.length() * audio.items()).isEqualTo(interleaved.length);
        float[] actual = new float[interleaved.length];
        for (int i = 0; i < actual.length; i++) {
            actual[i] = audio.samples(i % audio.items())[i / audio.items()];
        }
        assertThat(actual).isEqualTo(interleaved);
    }

    @ParameterizedTest
    @CsvSource({
        "music_8_bit, 44100, 2, 8, 700",
        "music_12_bit, 44100, 2, 12, 700",
        "music_20_bit, 44100, 2, 20, 700",
        "music_32_bit, 44100, 2, 32, 700",
        "music_8_channels, 44100, 8, 16, 300",
        "rate_1_hz, 1, 1, 16, 20",
        "rate_384_khz, 384000, 1, 16, 20",
        "piped, 44100, 2, 16, -1"
    })
    void theHeaderSaysWhatTheSamplesAre(String name, int rate, int channels, int bits, long frames) throws IOException {
        FlacReader reader = FlacReader.open(new ByteArrayInputStream(Golden.bytes("codec/flac/" + name + ".flac")));

        assertThat(reader.sampleRate()).isEqualTo(rate);
        assertThat(reader.channels()).isEqualTo(channels);
        assertThat(reader.bits()).isEqualTo(bits);
        assertThat(reader.frames()).isEqualTo(frames);
    }

    @Test
    void whatFollowsTheDeclaredSamplesIsNotRead() throws IOException {
        byte[] flac = Golden.bytes("codec/flac/fixed.flac");
        byte[] withTag = Arrays.copyOf(flac, flac.length + 128);

        assertThat(read(withTag).samples(1)).isEqualTo(read(flac).samples(1));
    }

    /** 40 bytes of a constant make 65536 samples of 8 channels: the limits count samples, not bytes. */
    @Test
    void theSamplesAreCountedBeforeTheirMemoryIsTaken() {
        byte[] flac = FlacBytes.stream(44100, 8, 16, 1L << 35).bytes();

        assertRefused(Code.TOO_LARGE, () -> read(flac, Bounded.LIMITS));
    }

    /** Each array by itself: in G1's heap one of half a region takes a whole one. */
    @Test
    void everyArrayIsCountedTheDecodersOwnToo() throws IOException {
        FlacBytes flac = FlacBytes.stream(44100, 8, 16, 3 * 32768);
        for (int i = 0; i < 3; i++) {
            flac.frame(15, 0, 7, 4).constants(8, 16).endFrame();
        }
        List<Long> taken = new ArrayList<>();

        read(flac.bytes(), new CodecLimits(CodecLimits.LARGEST, taken::add));

        // A block of longs, and on the way to all of them 65,536 floats.
        assertThat(Collections.frequency(taken, 32768L * Long.BYTES)).isEqualTo(8 + 8);
        // Eight channels begin with 65,536 samples together.
        assertThat(Collections.frequency(taken, 8192L * Float.BYTES)).isEqualTo(8);
        assertThat(Collections.max(taken)).isLessThanOrEqualTo(3L * 32768 * Float.BYTES);
        assertThat(taken.stream().mapToLong(Long::longValue).sum())
                .isGreaterThanOrEqualTo(8L * (32768 * Long.BYTES + 3 * 32768 * Float.BYTES));
    }

    @Test
    void aStreamOfConstantsWithoutADeclaredLengthEndsAtTheLimit() {
        FlacBytes flac = FlacBytes.stream(44100, 8, 16, 0);
        for (int i = 0; i < 20; i++) {
            flac.frame(15, 0, 7, 4).constants(8, 16).endFrame();
        }

        assertThat(flac.bytes().length).isLessThan(1000);
        assertRefused(Code.TOO_LARGE, () -> read(flac.bytes(), Bounded.LIMITS));
    }
}
