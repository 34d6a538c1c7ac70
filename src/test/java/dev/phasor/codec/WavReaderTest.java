package dev.phasor.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WavReaderTest {

    private static final CodecLimits LIMITS = new CodecLimits(1 << 20);
    private static final float[] THREE = {1 * 0x1p-15f, 2 * 0x1p-15f, 3 * 0x1p-15f};
    private static final byte[] THREE_BYTES = {1, 0, 2, 0, 3, 0};

    private static AudioSignal read(byte[] wav) throws IOException {
        return WavReader.readAll(new ByteArrayInputStream(wav), LIMITS);
    }

    static List<String> goldenFiles() {
        return Golden.names("wav", ".wav");
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void everyCodingAgreesWithTheReference(String name) throws IOException {
        float[] interleaved = Golden.floats(name.replaceAll("_(plain|extensible).wav", ".f4"));
        AudioSignal audio = read(Golden.bytes(name));

        assertThat(audio.shape()).isEqualTo(Shape.of(2, interleaved.length / 2));
        assertThat(audio.sampleRate()).isEqualTo(44100);
        float[] actual = new float[interleaved.length];
        for (int i = 0; i < actual.length; i++) {
            actual[i] = audio.samples(i % 2)[i / 2];
        }
        assertThat(actual).isEqualTo(interleaved);
    }

    @Test
    void everyCodingWasTried() {
        assertThat(goldenFiles()).hasSize(20);
        assertThat(goldenFiles().stream().map(WavReaderTest::codingOf).distinct())
                .containsExactlyInAnyOrder(WavCoding.values());
    }

    private static WavCoding codingOf(String name) {
        try {
            return WavReader.open(new ByteArrayInputStream(Golden.bytes(name)))
                    .format()
                    .coding();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aMonoFileHasNoChannelAxis() throws IOException {
        AudioSignal audio =
                read(WavBytes.riffWithFormat().chunk("data", THREE_BYTES).bytes());
        assertThat(audio.shape()).isEqualTo(Shape.of(3));
        assertThat(audio.samples(0)).isEqualTo(THREE);
    }

    @Test
    void unknownChunksAreSkippedBeforeAndAfterTheData() throws IOException {
        byte[] wav = WavBytes.riff()
                .chunk("JUNK", new byte[28])
                .chunk("bext", new byte[603])
                .format(1, 1, 8000, 2, 16)
                .chunk("LIST", (byte) 1, (byte) 2, (byte) 3)
                .chunk("fact", new byte[4])
                .chunk("none")
                .chunk("data", THREE_BYTES)
                .chunk("LIST", new byte[7])
                .bytes();
        assertThat(read(wav).samples(0)).isEqualTo(THREE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void aPipedFilesDataReachToTheEnd(int size) throws IOException {
        byte[] wav =
                WavBytes.riffWithFormat().id("data").u32(size).raw(THREE_BYTES).bytes();
        assertThat(read(wav).samples(0)).isEqualTo(THREE);
    }

    @Test
    void anIncompleteLastFrameOfAPipedFileIsDropped() throws IOException {
        byte[] wav = WavBytes.riffWithFormat()
                .id("data")
                .u32(-1)
                .raw(THREE_BYTES)
                .raw((byte) 9)
                .bytes();
        assertThat(read(wav).samples(0)).isEqualTo(THREE);
    }

    @Test
    void anRf64FilesSizeStandsInItsDs64Chunk() throws IOException {
        byte[] wav = new WavBytes()
                .id("RF64")
                .u32(-1)
                .id("WAVE")
                .id("ds64")
                .u32(28)
                .u64(0)
                .u64(6)
                .u64(3)
                .u32(0)
                .format(1, 1, 8000, 2, 16)
                .id("data")
                .u32(-1)
                .raw(THREE_BYTES)
                .chunk("LIST", new byte[8])
                .bytes();
        assertThat(read(wav).samples(0)).isEqualTo(THREE);
    }

    @Test
    void aLongPipedFileGrowsAsItArrives() throws IOException {
        byte[] data = new byte[2 * 100_001];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31);
        }
        byte[] piped = WavBytes.riffWithFormat().id("data").u32(-1).raw(data).bytes();
        byte[] sized = WavBytes.riffWithFormat().chunk("data", data).bytes();
        assertThat(read(piped).samples(0))
                .hasSize(100_001)
                .isEqualTo(read(sized).samples(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 1000})
    void blocksGiveTheSameSamplesAsAWhole(int blockSize) throws IOException {
        byte[] wav = Golden.bytes("wav/mu_law_plain.wav");
        WavReader reader = WavReader.open(new ByteArrayInputStream(wav));
        float[][] all = new float[2][128];
        float[][] block = new float[2][blockSize];
        int at = 0;
        for (int got = reader.read(block, 0, blockSize); got > 0; got = reader.read(block, 0, blockSize)) {
            for (int channel = 0; channel < 2; channel++) {
                System.arraycopy(block[channel], 0, all[channel], at, got);
            }
            at += got;
        }
        assertThat(at).isEqualTo(128).isEqualTo((int) reader.format().frames());
        assertThat(all[0]).isEqualTo(read(wav).samples(0));
        assertThat(all[1]).isEqualTo(read(wav).samples(1));
    }

    @Test
    void nonFiniteSamplesArePassedOn() throws IOException {
        byte[] wav = WavBytes.riff()
                .format(3, 1, 8000, 4, 32)
                .id("data")
                .u32(8)
                .u32(Float.floatToIntBits(Float.NaN))
                .u32(Float.floatToIntBits(Float.NEGATIVE_INFINITY))
                .bytes();
        assertThat(read(wav).samples(0)).containsExactly(Float.NaN, Float.NEGATIVE_INFINITY);
    }

    @Test
    void aFileWithoutSamplesHasNone() throws IOException {
        assertThat(read(WavBytes.riffWithFormat().chunk("data").bytes()).shape())
                .isEqualTo(Shape.of(0));
    }

    static Stream<Arguments> malformed() {
        byte[] none = {};
        WavBytes extensible = WavBytes.riff()
                .id("fmt ")
                .u32(40)
                .u16(0xfffe)
                .u16(1)
                .u32(8000)
                .u32(16000)
                .u16(2)
                .u16(16);
        byte[] fmtOnly = extensible.bytes();
        return Stream.of(
                Arguments.of("empty", none, "RIFF header declares 12 bytes, 0 present"),
                Arguments.of("text", "this is no sound at all".getBytes(), "must begin with RIFF"),
                Arguments.of(
                        "big-endian RIFX",
                        new WavBytes().id("RIFX").u32(0).id("WAVE").bytes(),
                        "must begin with RIFF"),
                Arguments.of("no fmt", WavBytes.riff().bytes(), "no fmt chunk"),
                Arguments.of("no data", WavBytes.riffWithFormat().bytes(), "no data chunk"),
                Arguments.of(
                        "data before fmt",
                        WavBytes.riff().chunk("data", THREE_BYTES).bytes(),
                        "the fmt chunk must come before"),
                Arguments.of(
                        "body shorter than declared",
                        WavBytes.riffWithFormat()
                                .id("data")
                                .u32(1000)
                                .raw(THREE_BYTES)
                                .bytes(),
                        "data chunk declares 1000 bytes, 6 present"),
                Arguments.of(
                        "chunk longer than the body",
                        WavBytes.riff().id("LIST").u32(-1).raw(THREE_BYTES).bytes(),
                        "chunk declares 4294967295 bytes, 6 present"),
                Arguments.of(
                        "half a frame",
                        WavBytes.riffWithFormat()
                                .id("data")
                                .u32(5)
                                .raw(THREE_BYTES)
                                .bytes(),
                        "data size must be a multiple of the frame's 2 bytes, got 5"),
                Arguments.of("no channels", fmt(1, 0, 8000, 2, 16), "channels must be >= 1, got 0"),
                Arguments.of("rate 0", fmt(1, 1, 0, 2, 16), "sample rate must be in 1..2147483647 Hz, got 0"),
                Arguments.of("rate 2^32 - 1", fmt(1, 1, -1, 2, 16), "got 4294967295"),
                Arguments.of("block align 0", fmt(1, 2, 8000, 0, 16), "block align must be 4"),
                Arguments.of("block align too large", fmt(1, 1, 8000, 4, 16), "block align must be 2"),
                Arguments.of("bits 0", fmt(1, 1, 8000, 0, 0), "bits of a PCM sample must be in 1..32, got 0"),
                Arguments.of("64-bit PCM", fmt(1, 1, 8000, 8, 64), "must be in 1..32, got 64"),
                Arguments.of("16-bit float", fmt(3, 1, 8000, 2, 16), "must be 32 or 64, got 16"),
                Arguments.of("16-bit mu-law", fmt(7, 1, 8000, 2, 16), "must be 8, got 16"),
                Arguments.of("ADPCM", fmt(2, 1, 8000, 1, 4), "format must be 1 (PCM)"),
                Arguments.of("MP3 inside", fmt(0x55, 1, 8000, 1, 0), "got 85"),
                Arguments.of(
                        "short fmt",
                        WavBytes.riff().chunk("fmt ", new byte[14]).bytes(),
                        "fmt chunk must have at least 16 bytes, got 14"),
                Arguments.of(
                        "truncated fmt",
                        WavBytes.riff().id("fmt ").u32(16).u16(1).bytes(),
                        "fmt chunk declares 16 bytes, 2 present"),
                Arguments.of(
                        "second fmt",
                        WavBytes.riffWithFormat().format(1, 1, 8000, 2, 16).bytes(),
                        "got a second"),
                Arguments.of(
                        "extensible without its extension",
                        fmt(0xfffe, 1, 8000, 2, 16),
                        "extensible fmt chunk must have 40 bytes, got 16"),
                Arguments.of(
                        "more valid bits than bits",
                        new WavBytes()
                                .raw(fmtOnly)
                                .u16(22)
                                .u16(24)
                                .raw(new byte[20])
                                .bytes(),
                        "valid bits must be at most the container's 16, got 24"),
                Arguments.of(
                        "foreign sub-format",
                        new WavBytes()
                                .raw(fmtOnly)
                                .u16(22)
                                .u16(16)
                                .raw(new byte[20])
                                .bytes(),
                        "sub-format GUID"),
                Arguments.of(
                        "negative ds64 size",
                        WavBytes.riff()
                                .id("ds64")
                                .u32(28)
                                .u64(0)
                                .u64(Long.MIN_VALUE)
                                .u64(0)
                                .u32(0)
                                .format(1, 1, 8000, 2, 16)
                                .id("data")
                                .u32(-1)
                                .bytes(),
                        "got 9223372036854775808"),
                Arguments.of(
                        "short ds64",
                        WavBytes.riff().chunk("ds64", new byte[4]).bytes(),
                        "ds64 chunk must have at least 28 bytes, got 4"));
    }

    private static byte[] fmt(int tag, int channels, int rate, int blockAlign, int bits) {
        return WavBytes.riff()
                .format(tag, channels, rate, blockAlign, bits)
                .chunk("data", THREE_BYTES)
                .bytes();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformed(String name, byte[] wav, String message) {
        assertThatThrownBy(() -> read(wav))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message)
                .extracting("code")
                .isEqualTo(Code.MALFORMED_WAV);
    }

    static Stream<Arguments> tooLarge() {
        return Stream.of(
                Arguments.of(
                        "declared",
                        WavBytes.riffWithFormat()
                                .id("data")
                                .u32(-2)
                                .raw(THREE_BYTES)
                                .bytes(),
                        "got 8589934588"),
                Arguments.of(
                        "declared by ds64",
                        WavBytes.riff()
                                .id("ds64")
                                .u32(28)
                                .u64(0)
                                .u64(Long.MAX_VALUE - 1)
                                .u64(0)
                                .u32(0)
                                .format(1, 1, 8000, 2, 16)
                                .id("data")
                                .u32(-1)
                                .bytes(),
                        "got 9223372036854775807"),
                Arguments.of(
                        "without end",
                        WavBytes.riffWithFormat()
                                .id("data")
                                .u32(0)
                                .raw(new byte[600_000])
                                .bytes(),
                        "got 1048580"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void tooLarge(String name, byte[] wav, String message) {
        assertThatThrownBy(() -> read(wav))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("must be at most 1048576 bytes, " + message)
                .extracting("code")
                .isEqualTo(Code.TOO_LARGE);
    }
}
