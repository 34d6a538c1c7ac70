package dev.phasor.stft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Signals;
import dev.phasor.reconstruction.Kernels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link SlidingFrames} tells of the frames that its samples are made of. */
class SlidingInversesTest {

    private static final Kernels KERNELS = Kernels.best();

    /** Until their samples are there, more of them would wait than are worth their memory. */
    @ParameterizedTest
    @CsvSource({"256, 8, 400", "256, 64, 5000", "1024, 256, 400000", "256, 7, 400"})
    void asManyWaitAsAreReserved(int fftSize, int hop, int samples) {
        StftParameters parameters = StftParameters.hann(fftSize, hop);
        long[] told = new long[1];
        long[] delivered = new long[1];
        long[] waiting = new long[1];
        SlidingFrames frames = new SlidingFrames(
                KERNELS.stft(parameters),
                (tile, count, re, im) -> 0,
                (block, offset, count) -> {
                    waiting[0] = Math.max(waiting[0], told[0] - delivered[0] / hop / FrameLoop.TILE_FRAMES);
                    delivered[0] += count;
                },
                (tile, inverse) -> {
                    assertThat(inverse.samples()).hasSize(FrameLoop.TILE_FRAMES * fftSize);
                    told[0]++;
                });
        frames.push(Signals.noise(1, samples), 0, samples);
        frames.end();

        long bytes = waiting[0] * FrameLoop.TILE_FRAMES * fftSize * Float.BYTES;
        TransformCost cost = new TransformCost(parameters, KERNELS.transform(), 2);
        assertThat(bytes).isLessThanOrEqualTo(SlidingFrames.inverseBytes(cost, samples, Long.MAX_VALUE));
        boolean tells = KERNELS.transform() == FftKernel.VECTOR && fftSize / hop <= 32;
        assertThat(told[0] > 0).isEqualTo(tells);
    }
}
