package dev.phasor.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FloatPairsTest {

    private static final int OFFSET = 3;

    /** With lanes that are full, that are not, and with none. */
    static IntStream counts() {
        return IntStream.concat(IntStream.rangeClosed(0, 33), IntStream.of(8192));
    }

    @ParameterizedTest
    @MethodSource("counts")
    void pairsComeApartAsTheirBytesSay(int count) {
        ByteBuffer bytes = pairs(count);
        float[] re = new float[OFFSET + count + 1];
        float[] im = re.clone();

        assertThat(FloatPairs.split(bytes.array(), count, re, im, OFFSET)).isTrue();

        for (int i = 0; i < count; i++) {
            assertThat(re[OFFSET + i]).isEqualTo(bytes.getFloat(8 * i));
            assertThat(im[OFFSET + i]).isEqualTo(bytes.getFloat(8 * i + 4));
        }
        assertThat(re[OFFSET + count]).isZero();
        assertThat(im[OFFSET - 1]).isZero();
    }

    @ParameterizedTest
    @MethodSource("counts")
    void whatCameApartIsJoinedToTheSameBytes(int count) {
        byte[] bytes = pairs(count).array();
        float[] re = new float[OFFSET + count];
        float[] im = re.clone();
        FloatPairs.split(bytes, count, re, im, OFFSET);

        byte[] joined = new byte[bytes.length + 1];
        FloatPairs.join(re, im, OFFSET, count, joined);

        assertThat(joined).isEqualTo(Arrays.copyOf(bytes, bytes.length + 1));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void oneThatIsNotFiniteIsSeenAnywhere(float value) {
        int count = 21;
        for (int i = 0; i < 2 * count; i++) {
            ByteBuffer bytes = pairs(count).putFloat(4 * i, value);
            assertThat(FloatPairs.split(bytes.array(), count, new float[count], new float[count], 0))
                    .as("float %d", i)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("counts")
    void theLargestFloatsAreFinite(int count) {
        ByteBuffer bytes = pairs(count);
        float[] largest = new float[2 * count];
        Arrays.fill(largest, -Float.MAX_VALUE);
        bytes.asFloatBuffer().put(largest);

        assertThat(FloatPairs.split(bytes.array(), count, new float[count], new float[count], 0))
                .isTrue();
    }

    private static ByteBuffer pairs(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(count);
        for (int i = 0; i < 2 * count; i++) {
            bytes.putFloat(4 * i, (float) random.nextGaussian());
        }
        return bytes;
    }
}
