package dev.phasor.codec;

import static dev.phasor.Refused.assertRefused;
import static dev.phasor.codec.FlacBytes.read;
import static dev.phasor.codec.FlacBytes.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.phasor.Recordings;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read again bit by bit; golden files and the flac tool hold the reader to the format. */
class FlacWriterTest {

    private static void assertRoundTrip(AudioSignal audio, int bits) throws IOException {
        AudioSignal back = read(write(audio, bits));

        assertThat(back.shape()).isEqualTo(audio.shape());
        assertThat(back.sampleRate()).isEqualTo(audio.sampleRate());
        for (int item = 0; item < audio.items(); item++) {
            assertThat(back.samples(item)).isEqualTo(audio.samples(item));
        }
    }

    /** Integers of so many bits as samples. */
    private static float[] samples(int bits, int length, IntUnaryOperator integer) {
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) {
            samples[i] = integer.applyAsInt(i) / (float) (1 << (bits - 1));
        }
        return samples;
    }

    static Stream<Arguments> signals() {
        return IntStream.of(16, 24).boxed().flatMap(bits -> {
            int top = 1 << (bits - 1);
            Random random = new Random(bits);
            return Stream.of(
                    arguments("silence", bits, (IntUnaryOperator) i -> 0),
                    arguments("a constant", bits, (IntUnaryOperator) i -> -top),
                    arguments("full scale, alternating", bits, (IntUnaryOperator) i -> i % 2 == 0 ? top - 1 : -top),
                    arguments("one click", bits, (IntUnaryOperator) i -> i == 999 ? -top : 0),
                    arguments("a ramp", bits, (IntUnaryOperator) i -> i - 2500),
                    arguments("noise", bits, (IntUnaryOperator) i -> random.nextInt(2 * top) - top),
                    arguments("noise with wasted bits", bits, (IntUnaryOperator)
                            i -> (random.nextInt(2 * top) - top) & -64),
                    arguments("a sine", bits, (IntUnaryOperator) i -> (int) (0.9 * top * Math.sin(i * 0.01))),
                    arguments("a sine, then noise", bits, (IntUnaryOperator)
                            i -> i < 2000 ? (int) (top * Math.sin(i * 0.1) * 0.5) : random.nextInt(9)));
        });
    }

    @ParameterizedTest(name = "{0}, {1} bits")
    @MethodSource("signals")
    void everySignalComesBackBitByBit(String name, int bits, IntUnaryOperator signal) throws IOException {
        float[] left = samples(bits, 5000, signal);
        float[] right = samples(bits, 5000, i -> signal.applyAsInt(i) / 2);

        assertRoundTrip(AudioSignal.mono(left, 44100), bits);
        assertRoundTrip(new AudioSignal(Shape.of(2), new float[][] {left, right}, 48000), bits);
        assertRoundTrip(new AudioSignal(Shape.of(2), new float[][] {right, left}, 96000), bits);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 5, 8, 9, 15, 17, 4095, 4096, 4097, 8192, 9000})
    void everyLengthComesBack(int length) throws IOException {
        Random random = new Random(length);
        assertRoundTrip(AudioSignal.mono(samples(16, length, i -> i * 3 + random.nextInt(50)), 16000), 16);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyNumberOfChannelsComesBack(int channels) throws IOException {
        Random random = new Random(channels);
        float[][] samples = new float[channels][];
        for (int channel = 0; channel < channels; channel++) {
            samples[channel] = samples(24, 500, i -> random.nextInt(1 << 20));
        }
        assertRoundTrip(new AudioSignal(channels == 1 ? Shape.SCALAR : Shape.of(channels), samples, 44100), 24);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8000, 11025, 44100, 65535, 65536, 65540, 192000, 655350, 1048575})
    void everyRateComesBack(int rate) throws IOException {
        assertRoundTrip(AudioSignal.mono(new float[] {0.5f, -0.25f}, rate), 16);
    }

    /** 2^31 samples into the file the frame's number has four bytes; here two and three. */
    @Test
    void manyBlocksAreNumbered() throws IOException {
        assertRoundTrip(AudioSignal.mono(new float[FlacWriter.BLOCK * 2100], 44100), 16);
    }

    @Test
    void recordingsShrink() throws IOException {
        byte[] wav = Files.readAllBytes(Recordings.music());
        AudioSignal music = WavBytes.read(wav);

        assertRoundTrip(music, 16);
        assertThat(write(music, 16).length).isLessThan(wav.length * 3 / 4);
    }

    @Test
    void clippedSamplesAreCountedAndStayAtTheEnd() throws IOException {
        var out = new ByteArrayOutputStream();
        float[] loud = {1.5f, -1, -1.5f, 1, 0.999f, Float.NaN};

        assertThat(FlacWriter.write(AudioSignal.mono(loud, 8000), 16, out)).isEqualTo(4);
        assertThat(read(out.toByteArray()).samples(0))
                .containsExactly(32767 / 32768f, -1, -1, 32767 / 32768f, 32735 / 32768f, 0);
    }

    @Test
    void blocksOfAnySizeMakeTheSameFile() throws IOException {
        Random random = new Random(5);
        float[] noise = samples(16, 10_000, i -> random.nextInt(1000));
        byte[] whole = write(AudioSignal.mono(noise, 8000), 16);

        var out = new ByteArrayOutputStream();
        FlacWriter writer = new FlacWriter(out, 16, 1, 8000, noise.length);
        for (int done = 0; done < noise.length; ) {
            int step = Math.min(noise.length - done, 1 + random.nextInt(3000));
            writer.write(new float[][] {noise}, done, step);
            done += step;
        }
        writer.finish();
        assertThat(out.toByteArray()).isEqualTo(whole);
    }

    @Test
    void whatFlacCannotHoldIsRefused() {
        assertRefused(Code.SHAPE_MISMATCH, () -> new FlacWriter(new ByteArrayOutputStream(), 16, 9, 8000, 1))
                .hasMessage("channels of a FLAC must be in 1..8, got 9");
        assertThatThrownBy(() -> new FlacWriter(new ByteArrayOutputStream(), 16, 1, 1 << 20, 1))
                .hasMessageContaining("sample_rate must be in 1..1048575 Hz to write FLAC, got 1048576");
    }
}
