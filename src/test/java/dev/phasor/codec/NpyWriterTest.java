package dev.phasor.codec;

import static dev.phasor.codec.NpyBytes.read;
import static dev.phasor.codec.NpyBytes.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Golden;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyWriterTest {

    @ParameterizedTest
    @ValueSource(strings = {"codec/npy/f4_le_C_v1.npy", "codec/npy/c8_le_C_v1.npy"})
    void theBytesAreNumpys(String name) throws IOException {
        assertThat(write(read(Golden.bytes(name)))).isEqualTo(Golden.bytes(name));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 8191, 8192, 16384, 16385, 100_003})
    void realAndComplexArraysComeBackBitByBit(int count) throws IOException {
        Random random = new Random(count);
        float[] re = anyFloats(random, count);
        float[] im = anyFloats(random, count);

        NpyArray real = read(write(NpyArray.real(Shape.of(count), re)));
        assertThat(real.dtype()).isEqualTo(NpyDtype.FLOAT32);
        assertThat(real.real()).isEqualTo(re);

        NpyArray complex = read(write(NpyArray.complex(Shape.of(1, count, 1), re, im)));
        assertThat(complex.dtype()).isEqualTo(NpyDtype.COMPLEX64);
        assertThat(complex.shape()).isEqualTo(Shape.of(1, count, 1));
        assertThat(complex.real()).isEqualTo(re);
        assertThat(complex.imaginary()).isEqualTo(im);
    }

    /** All exponents, infinities and NaN among them. */
    private static float[] anyFloats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt());
        }
        return values;
    }

    @Test
    void theDataAreAlignedWhateverTheShape() throws IOException {
        for (int rank = 0; rank <= 8; rank++) {
            int[] sizes = new int[rank];
            Arrays.fill(sizes, 1);
            byte[] npy = write(NpyArray.real(Shape.of(sizes), new float[] {1}));
            assertThat((npy.length - 4) % 64).isZero();
            assertThat(read(npy).shape()).isEqualTo(Shape.of(sizes));
        }
    }
}
