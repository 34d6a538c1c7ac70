package dev.phasor.stft;

import java.util.List;
import org.junit.jupiter.api.TestInstance;

/** Both kinds of last stage, radix 4 and radix 2. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VectorRealFftTest extends RealFftContract {

    @Override
    RealFft fft(int size) {
        return new VectorRealFft(size);
    }

    @Override
    List<Integer> sizes() {
        return List.of(8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 65536);
    }

    @Override
    boolean adds() {
        return Lanes.COUNT == 8;
    }

    @Override
    double accuracy() {
        return 3e-7;
    }
}
