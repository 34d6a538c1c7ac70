package dev.phasor.stft;

import java.util.List;
import org.junit.jupiter.api.TestInstance;

/** Powers of two, mixed radices (1000), a small prime factor (15), and primes that need Bluestein's algorithm. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JTransformsRealFftTest extends RealFftContract {

    @Override
    RealFft fft(int size) {
        return new JTransformsRealFft(size);
    }

    @Override
    List<Integer> sizes() {
        return List.of(
                2, 3, 4, 5, 6, 7, 8, 15, 30, 211, 256, 422, 509, 1000, 1021, 2042, 2048, 65537, 1 << 20, (1 << 20) - 3);
    }

    @Override
    boolean adds() {
        return false;
    }

    @Override
    double accuracy() {
        return 1e-7;
    }
}
