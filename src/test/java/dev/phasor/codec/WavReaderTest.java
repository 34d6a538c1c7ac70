package dev.phasor.codec;

import static dev.phasor.codec.WavBytes.read;
import static dev.phasor.codec.WavBytes.riff;
import static dev.phasor.codec.WavBytes.riffWithFormat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Bytes;
import dev.phasor.Golden;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WavReaderTest {

    private static final float[] THREE = {1 * 0x1p-15f, 2 * 0x1p-15f, 3 * 0x1p-15f};
    private static final byte[] THREE_BYTES = {1, 0, 2, 0, 3, 0};

    static List<String> goldenFiles() {
        return Golden.names("codec/wav", ".wav");
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void everyCodingAgreesWithTheReference(String name) throws IOException {
        float[] interleaved = Bytes.toFloats(Golden.bytes(name.replaceAll("_(plain|extensible).wav", ".f4")));
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
        AudioSignal audio = read(riffWithFormat().chunk("data", THREE_BYTES).bytes());
        assertThat(audio.shape()).isEqualTo(Shape.of(3));
        assertThat(audio.samples(0)).isEqualTo(THREE);
    }

    @Test
    void unknownChunksAreSkippedBeforeAndAfterTheData() throws IOException {
        byte[] wav = riff().chunk("JUNK", new byte[28])
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
        byte[] wav = riffWithFormat().id("data").u32(size).raw(THREE_BYTES).bytes();
        assertThat(read(wav).samples(0)).isEqualTo(THREE);
    }

    @Test
    void anIncompleteLastFrameOfAPipedFileIsDropped() throws IOException {
        byte[] wav = WavBytes.ofUnknownLength((byte) 1, (byte) 0, (byte) 2, (byte) 0, (byte) 3, (byte) 0, (byte) 9);
        assertThat(read(wav).samples(0)).isEqualTo(THREE);
    }

    @Test
    void anRf64FilesSizeStandsInItsDs64Chunk() throws IOException {
        byte[] wav = new WavBytes()
                .id("RF64")
                .u32(-1)
                .id("WAVE")
                .ds64(6, 3)
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
        byte[] piped = WavBytes.ofUnknownLength(data);
        byte[] sized = riffWithFormat().chunk("data", data).bytes();
        assertThat(read(piped).samples(0))
                .hasSize(100_001)
                .isEqualTo(read(sized).samples(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 1000})
    void blocksGiveTheSameSamplesAsAWhole(int blockSize) throws IOException {
        byte[] wav = Golden.bytes("codec/wav/mu_law_plain.wav");
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
        byte[] wav = riff().format(3, 1, 8000, 4, 32)
                .id("data")
                .u32(8)
                .u32(Float.floatToIntBits(Float.NaN))
                .u32(Float.floatToIntBits(Float.NEGATIVE_INFINITY))
                .bytes();
        assertThat(read(wav).samples(0)).containsExactly(Float.NaN, Float.NEGATIVE_INFINITY);
    }

    @Test
    void aFileWithoutSamplesHasNone() throws IOException {
        assertThat(read(riffWithFormat().chunk("data").bytes()).shape()).isEqualTo(Shape.of(0));
    }
}
