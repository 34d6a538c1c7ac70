package dev.phasor.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.RealSpectrogram;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges of frames are those of the whole array, in every order and type. */
class NpyFramesTest {

    private static byte[] file(String descr, boolean fortran, int... sizes) throws IOException {
        int count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        ByteOrder order = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int width = descr.charAt(2) - '0';
        ByteBuffer data = ByteBuffer.allocate(count * width).order(order);
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            switch (width) {
                case 2 -> data.putShort((short) random.nextInt(0x7000));
                case 4 -> data.putFloat(random.nextFloat());
                default -> data.putDouble(random.nextDouble());
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(NpyWriter.header(descr, fortran, sizes));
        out.write(data.array());
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "<f4, false",
        "<f4, true",
        ">f4, false",
        ">f4, true",
        "<f8, false",
        "<f8, true",
        "<f2, true",
        ">f2, false"
    })
    void rangesAreThoseOfTheWhole(String descr, boolean fortran) throws IOException {
        for (int[] sizes : new int[][] {{5, 33}, {3, 5, 33}, {2, 3, 5, 33}, {1, 1, 1}}) {
            byte[] file = file(descr, fortran, sizes);
            RealSpectrogram whole = NpyReader.read(new ByteArrayInputStream(file), new CodecLimits(1 << 20))
                    .toRealSpectrogram();
            ByteArrayInputStream in = new ByteArrayInputStream(file);
            NpyFrames frames = NpyFrames.open(in);
            byte[] data = in.readAllBytes();
            int last = sizes[sizes.length - 1];
            int bins = sizes[sizes.length - 2];
            assertThat(frames.bytes()).isEqualTo(data.length);
            for (int item = 0; item < frames.items(); item++) {
                for (int from = 0; from < last; from += 7) {
                    int count = Math.min(7, last - from);
                    float[] plane = new float[count * bins];
                    frames.read(
                            (position, target) -> target.put(data, (int) position, target.remaining()),
                            item,
                            from,
                            plane);
                    assertThat(plane)
                            .isEqualTo(Arrays.copyOfRange(whole.values(item), from * bins, (from + count) * bins));
                }
            }
        }
    }

    @Test
    void anIndexIsThatOfTheOrder() throws IOException {
        NpyFrames rows = NpyFrames.open(new ByteArrayInputStream(file("<f4", false, 2, 5, 33)));
        NpyFrames columns = NpyFrames.open(new ByteArrayInputStream(file("<f4", true, 2, 5, 33)));

        assertThat(rows.index(5 * 33 + 34)).isEqualTo("[1, 1, 1]");
        assertThat(columns.index(2 * 5 * 3 + 3)).isEqualTo("[1, 1, 3]");
    }

    @Test
    void onlyFloatsOfTwoAxesAreMagnitudes() throws IOException {
        for (byte[] other : new byte[][] {file("<f4", false, 50), file("<c8", false, 3, 4), file("<i2", false, 3, 4)}) {
            assertThat(NpyFrames.in(new ByteArrayInputStream(other))).isEmpty();
            assertThatThrownBy(() -> NpyFrames.open(new ByteArrayInputStream(other)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("[..., bins, frames]");
        }
        assertThat(NpyFrames.in(new ByteArrayInputStream(file("<f4", false, 0, 4))))
                .isEmpty();
        assertThat(NpyFrames.in(new ByteArrayInputStream(new byte[] {1, 2, 3}))).isEmpty();
    }
}
