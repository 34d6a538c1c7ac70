package dev.phasor.codec;

import static dev.phasor.Refused.assertRefused;
import static dev.phasor.codec.WavBytes.read;
import static dev.phasor.codec.WavBytes.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WavWriterTest {

    /** Samples that every encoding holds exactly. */
    private static AudioSignal steps16(int channels, int length) {
        Random random = new Random(channels * 1000L + length);
        float[][] samples = new float[channels][length];
        for (float[] channel : samples) {
            for (int i = 0; i < length; i++) {
                channel[i] = (random.nextInt(65536) - 32768) * 0x1p-15f;
            }
        }
        return new AudioSignal(channels == 1 ? Shape.SCALAR : Shape.of(channels), samples, 22050);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "1, 3", "2, 5", "2, 40000", "3, 7", "8, 9001", "5000, 3"})
    void whatIsWrittenIsReadBack(int channels, int length) throws IOException {
        AudioSignal audio = steps16(channels, length);
        for (WavEncoding encoding : WavEncoding.values()) {
            byte[] wav = write(audio, encoding);
            AudioSignal back = read(wav);

            assertThat(wav.length % 2).isZero();
            assertThat(ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).getInt(4))
                    .isEqualTo(wav.length - 8);
            assertThat(back.shape()).isEqualTo(audio.shape());
            assertThat(back.sampleRate()).isEqualTo(22050);
            for (int channel = 0; channel < channels; channel++) {
                assertThat(back.samples(channel)).isEqualTo(audio.samples(channel));
            }
        }
    }

    @Test
    void stepsOf24BitsAreKept() throws IOException {
        float[] samples = new float[65280];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (i * 257 - (1 << 23)) * 0x1p-23f;
        }
        assertThat(read(write(AudioSignal.mono(samples, 8000), WavEncoding.PCM24))
                        .samples(0))
                .isEqualTo(samples);
    }

    @ParameterizedTest
    @MethodSource("dev.phasor.Recordings#all")
    void recordingsOf16BitsComeBackBitByBit(Path file) throws IOException {
        byte[] original = Files.readAllBytes(file);
        WavFormat format = WavReader.open(new ByteArrayInputStream(original)).format();
        WavEncoding encoding = switch (format.coding()) {
            case PCM_16 -> WavEncoding.PCM16;
            case PCM_24 -> WavEncoding.PCM24;
            default -> WavEncoding.FLOAT32;
        };
        byte[] written = write(read(original), encoding);

        assertThat(dataOf(written)).isEqualTo(dataOf(original)).isNotEmpty();
    }

    /** The bytes of the samples. */
    private static byte[] dataOf(byte[] wav) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(wav);
        WavFormat format = WavReader.open(in).format();
        return in.readNBytes((int) format.frames() * format.frameBytes());
    }

    @Test
    void integersAreRoundedToTheNearestStep() throws IOException {
        float step = 0x1p-15f;
        AudioSignal audio = AudioSignal.mono(new float[] {0.4f * step, 0.6f * step, -0.4f * step, -0.6f * step}, 8000);
        assertThat(read(write(audio, WavEncoding.PCM16)).samples(0)).containsExactly(0, step, 0, -step);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void overRangeIsClampedAndCounted(int channels) throws IOException {
        float top = 1 - 0x1p-15f;
        float[] samples = {1, -1, top, 1.5f, -1.5f, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN};
        float[][] each = new float[channels][];
        Arrays.fill(each, samples);
        AudioSignal audio = new AudioSignal(Shape.of(channels), each, 8000);

        assertThat(WavWriter.write(audio, WavEncoding.PCM16, OutputStream.nullOutputStream()))
                .isEqualTo(WavWriter.countClipped(audio, WavEncoding.PCM16))
                .isEqualTo(6 * channels);
        assertThat(read(write(audio, WavEncoding.PCM16)).samples(channels - 1))
                .containsExactly(top, -1, top, top, -1, top, -1, 0);
        assertThat(WavWriter.countClipped(audio, WavEncoding.FLOAT32)).isZero();
        assertThat(read(write(audio, WavEncoding.FLOAT32)).samples(channels - 1))
                .isEqualTo(samples);
    }

    @Test
    void everyItemIsAChannelWhateverTheAxes() throws IOException {
        float[][] samples = {{0}, {0.25f}, {0.5f}, {0.75f}};
        AudioSignal audio = new AudioSignal(Shape.of(2, 2), samples, 8000);
        AudioSignal back = read(write(audio, WavEncoding.FLOAT32));
        assertThat(back.shape()).isEqualTo(Shape.of(4, 1));
        assertThat(back.samples(3)).containsExactly(0.75f);
    }

    @ParameterizedTest
    @EnumSource(WavEncoding.class)
    void blocksOfUnknownNumberAreReadToTheEnd(WavEncoding encoding) throws IOException {
        AudioSignal audio = steps16(1, 1000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WavWriter writer = new WavWriter(out, encoding, 1, 8000, WavFormat.UNKNOWN_FRAMES);
        float[][] block = {audio.samples(0)};
        for (int at = 0; at < 1000; at += 100) {
            writer.write(block, at, 100);
        }
        assertThat(writer.finish()).isZero();
        assertThat(read(out.toByteArray()).samples(0)).isEqualTo(audio.samples(0));
    }

    @Test
    void moreThan4GiBAreRf64() throws IOException {
        long frames = 1L << 31;
        byte[] header = WavHeaderBytes.of(WavEncoding.FLOAT32, 2, 48000, frames);
        assertThat(header).startsWith('R', 'F', '6', '4');
        WavFormat format = WavReader.open(new ByteArrayInputStream(header)).format();
        assertThat(format).isEqualTo(new WavFormat(48000, 2, WavCoding.FLOAT_32, frames));
    }

    @Test
    void framesThatWereDeclaredMustBeWritten() throws IOException {
        WavWriter writer = new WavWriter(OutputStream.nullOutputStream(), WavEncoding.PCM16, 1, 8000, 10);
        writer.write(new float[][] {new float[9]}, 0, 9);
        assertThatThrownBy(writer::finish)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the header declares 10 frames, written were 9");
    }

    @Test
    void audioWithoutASampleRateCannotBeWritten() {
        AudioSignal audio = AudioSignal.mono(new float[1], AudioSignal.UNKNOWN_RATE);
        assertRefused(Code.BAD_PARAMETER, () -> write(audio, WavEncoding.FLOAT32))
                .hasMessage("sample_rate must be >= 1 Hz to write WAV, got 0");
    }

    @ParameterizedTest
    @CsvSource({"0, FLOAT32, 16383", "16384, FLOAT32, 16383", "32768, PCM16, 32767"})
    void aWavHoldsSoManyChannels(int channels, WavEncoding encoding, int most) {
        AudioSignal audio = new AudioSignal(Shape.of(channels), new float[channels][1], 8000);
        assertRefused(Code.SHAPE_MISMATCH, () -> write(audio, encoding))
                .hasMessage("channels of a WAV must be in 1.." + most + ", got " + channels);
    }
}
