package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Recordings;
import dev.phasor.quality.Magnitudes;
import dev.phasor.reconstruction.BlockwiseReconstructor.Outcome;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Framing;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Blocks give what the whole gives: one block the same bits, many blocks as good a sound, without a seam. */
class BlockwiseReconstructorTest {

    private static final StftParameters HANN = StftParameters.hann(256, 64);
    private static final Kernels KERNELS = Kernels.best();
    private static final float[] SPEECH = Recordings.read(Recordings.speech()).samples(0);

    /** What was delivered, and what is said of it. */
    private record Delivered(float[] samples, Outcome outcome, Blocks blocks) {}

    private static MagnitudeSpectrogram magnitudes(StftParameters stft, float[] samples) {
        return Magnitudes.of(KERNELS.stft(stft).forward(AudioSignal.mono(samples, 16000)));
    }

    private static Delivered inBlocks(
            Algorithm algorithm, StftParameters stft, MagnitudeSpectrogram magnitude, int length, int values) {
        Blocks blocks = Blocks.of(stft, magnitude.shape().frames(), values);
        float[] out = new float[length];
        BlockwiseReconstructor reconstructor = new BlockwiseReconstructor(
                algorithm, KERNELS, parameters(stft, length), 0, blocks, length, new StreamedInverse.Written(out));
        int bins = stft.bins();
        for (int block = 0; block < blocks.count(); block++) {
            reconstructor.push(
                    Arrays.copyOfRange(magnitude.values(0), blocks.from(block) * bins, blocks.to(block) * bins),
                    Progress.NONE);
        }
        while (reconstructor.rest()) {
            // until all is delivered
        }
        return new Delivered(out, reconstructor.end(), blocks);
    }

    private static ReconstructionParameters parameters(StftParameters stft, int length) {
        return ReconstructionParameters.of(stft).withIterations(32).withLength(length);
    }

    private static Reconstruction whole(
            Algorithm algorithm, StftParameters stft, MagnitudeSpectrogram magnitude, int length) {
        return PhaseReconstructor.of(algorithm, KERNELS)
                .reconstruct(magnitude, parameters(stft, length), Progress.NONE);
    }

    private static double convergence(StftParameters parameters, float[] samples, MagnitudeSpectrogram magnitude) {
        Stft stft = KERNELS.stft(parameters);
        AudioSignal audio = new AudioSignal(Shape.SCALAR, new float[][] {samples}, 16000);
        return Evaluation.delivered(audio, magnitude, stft, KERNELS.iteration())
                .spectralConvergenceDb()
                .get(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"AUTO", "HYBRID", "ADMM", "AGLA", "FAST_GRIFFINLIM", "RAAR", "PGHI"})
    void oneBlockIsTheWhole(Algorithm algorithm) {
        float[] samples = Arrays.copyOf(SPEECH, 20_001);
        MagnitudeSpectrogram magnitude = magnitudes(HANN, samples);

        Delivered blocks = inBlocks(algorithm, HANN, magnitude, samples.length, 1 << 22);
        Reconstruction whole = whole(algorithm, HANN, magnitude, samples.length);

        assertThat(blocks.blocks().count()).isOne();
        assertThat(blocks.samples()).isEqualTo(whole.audio().samples(0));
        assertThat(blocks.outcome().iterations()).isEqualTo(whole.report().iterations());
        assertThat(blocks.outcome().accuracy().spectralConvergenceDb())
                .isCloseTo(whole.report().spectralConvergenceDb().get(0), within(1e-3));
        assertThat(blocks.outcome().accuracy().inconsistencyDb())
                .isCloseTo(whole.report().inconsistencyDb().get(0), within(1e-3));
    }

    /** The window's last value is 0, and there no other frame reaches the end of the first block. */
    @Test
    void theFirstBlockEndsWhereItsFramesTellTheSound() {
        StftParameters stft = new StftParameters(512, 256, 511, Window.HANN, Framing.SAME, PadMode.CONSTANT);
        float[] samples = Arrays.copyOf(SPEECH, 440 * 256);
        MagnitudeSpectrogram magnitude = magnitudes(stft, samples);

        Delivered blocks = inBlocks(Algorithm.GRIFFINLIM, stft, magnitude, samples.length, 0);
        Reconstruction whole = whole(Algorithm.GRIFFINLIM, stft, magnitude, samples.length);

        assertThat(blocks.blocks().count()).isGreaterThan(1);
        assertThat(blocks.outcome().accuracy().spectralConvergenceDb())
                .isCloseTo(whole.report().spectralConvergenceDb().get(0), within(1.0));
    }

    @ParameterizedTest
    @CsvSource({
        "256, 64, 256, CENTER, CONSTANT",
        "256, 64, 256, CENTER, REFLECT",
        "255, 50, 201, CENTER, EDGE",
        "256, 64, 256, SAME, REFLECT",
        "256, 60, 200, NONE, CONSTANT"
    })
    void manyBlocksAreAsGood(int fftSize, int hop, int win, Framing framing, PadMode padMode) {
        StftParameters stft = new StftParameters(fftSize, hop, win, Window.HANN, framing, padMode);
        MagnitudeSpectrogram magnitude = magnitudes(stft, SPEECH);

        Delivered blocks = inBlocks(Algorithm.AUTO, stft, magnitude, SPEECH.length, 0);
        double whole = whole(Algorithm.AUTO, stft, magnitude, SPEECH.length)
                .report()
                .spectralConvergenceDb()
                .get(0);

        assertThat(blocks.blocks().count()).isGreaterThan(2);
        double reported = blocks.outcome().accuracy().spectralConvergenceDb();
        assertThat(reported).isLessThan(whole + 1);
        assertThat(reported).isCloseTo(convergence(stft, blocks.samples(), magnitude), within(0.01));
    }

    /** A block that begins anew has another phase than the one before, and their sounds cancel where they meet. */
    @Test
    void aJoinIsAsGoodAsTheRest() {
        float[] tone = new float[120_000];
        for (int t = 0; t < tone.length; t++) {
            tone[t] = (float) (0.5 * Math.sin(0.31 * t) + 0.2 * Math.sin(0.84 * t + 1e-6 * t * t));
        }
        MagnitudeSpectrogram magnitude = magnitudes(HANN, tone);

        Delivered blocks = inBlocks(Algorithm.AUTO, HANN, magnitude, tone.length, 0);

        assertThat(blocks.blocks().count()).isGreaterThan(3);
        assertThat(blocks.outcome().accuracy().spectralConvergenceDb()).isLessThan(-40);
    }

    @Test
    void silenceAndWhatFollowsIt() {
        float[] samples = new float[60_000];
        System.arraycopy(SPEECH, 0, samples, 40_000, 20_000);
        MagnitudeSpectrogram magnitude = magnitudes(HANN, samples);

        Delivered blocks = inBlocks(Algorithm.AUTO, HANN, magnitude, samples.length, 0);

        assertThat(Arrays.copyOf(blocks.samples(), 10_000)).containsOnly(0);
        assertThat(blocks.outcome().accuracy().spectralConvergenceDb()).isLessThan(-20);
    }

    @Test
    void samplesBehindTheLastFrameAreZeros() {
        MagnitudeSpectrogram magnitude = magnitudes(HANN, SPEECH);

        Delivered longer = inBlocks(Algorithm.AUTO, HANN, magnitude, SPEECH.length + 200_000, 0);

        assertThat(Arrays.copyOfRange(longer.samples(), SPEECH.length + 1000, longer.samples().length))
                .containsOnly(0);
    }

    /** Whoever takes them writes them away between two: they need not be held together. */
    @Test
    void samplesBehindTheLastFrameComePieceByPiece() {
        MagnitudeSpectrogram magnitude = magnitudes(HANN, Arrays.copyOf(SPEECH, 5000));
        Blocks blocks = Blocks.of(HANN, magnitude.shape().frames(), 1 << 22);
        long length = 1 << 20;
        int[] came = new int[2];
        BlockwiseReconstructor reconstructor = new BlockwiseReconstructor(
                Algorithm.PGHI,
                KERNELS,
                parameters(HANN, 5000),
                0,
                blocks,
                length,
                (values, offset, count) -> came[0] += count);
        reconstructor.push(magnitude.values(0), Progress.NONE);
        boolean more = true;
        while (more) {
            int before = came[0];
            more = reconstructor.rest();
            came[1] = Math.max(came[1], came[0] - before);
        }
        assertThat(came[0]).isEqualTo(1 << 20);
        assertThat(came[1]).isEqualTo(1 << 16);
    }

    @Test
    void theSamplesDoNotDependOnTheThreads() {
        MagnitudeSpectrogram magnitude = magnitudes(HANN, SPEECH);
        ForkJoinPool one = new ForkJoinPool(1);
        ForkJoinPool four = new ForkJoinPool(4);

        float[] alone = one.submit(() -> inBlocks(Algorithm.AUTO, HANN, magnitude, SPEECH.length, 0))
                .join()
                .samples();
        float[] together = four.submit(() -> inBlocks(Algorithm.AUTO, HANN, magnitude, SPEECH.length, 0))
                .join()
                .samples();

        assertThat(together).isEqualTo(alone);
        one.shutdown();
        four.shutdown();
    }

    @ParameterizedTest
    @CsvSource({"256, 64, 100000", "1024, 256, 4096", "255, 50, 777", "16, 1, 100000", "64, 1000, 5000"})
    void blocksCoverAllFrames(int fftSize, int hop, int frames) {
        Blocks blocks = Blocks.of(StftParameters.hann(fftSize, hop), frames, 0);

        assertThat(blocks.from(0)).isZero();
        assertThat(blocks.to(blocks.count() - 1)).isEqualTo(frames);
        for (int block = 1; block < blocks.count(); block++) {
            assertThat(blocks.to(block - 1) - blocks.from(block)).isEqualTo(blocks.overlap());
            assertThat(blocks.from(block)).isGreaterThan(blocks.from(block - 1) + blocks.overlap());
        }
    }

    @Test
    void blocksAreAPartOfTheirItemsIterations() {
        MagnitudeSpectrogram magnitude = magnitudes(HANN, SPEECH);
        Blocks blocks = Blocks.of(HANN, magnitude.shape().frames(), 0);
        BlockwiseReconstructor reconstructor = new BlockwiseReconstructor(
                Algorithm.AUTO,
                KERNELS,
                parameters(HANN, SPEECH.length),
                0,
                blocks,
                SPEECH.length,
                new StreamedInverse.Written(new float[SPEECH.length]));
        double[] most = new double[1];
        boolean[] goesOn = {true};
        Progress progress = new Progress() {
            @Override
            public boolean started(int item, double iterations) {
                synchronized (most) {
                    most[0] = Math.max(most[0], iterations);
                }
                return goesOn[0];
            }

            @Override
            public boolean iterated(int item, int iteration, double spectralConvergenceDb) {
                return started(item, iteration);
            }
        };
        double frames = 0;
        double all = 0;
        for (int block = 0; block < blocks.count(); block++) {
            all += blocks.to(block) - blocks.from(block);
        }
        int bins = HANN.bins();
        for (int block = 0; block < blocks.count(); block++) {
            goesOn[0] = block + 1 < blocks.count();
            reconstructor.push(
                    Arrays.copyOfRange(magnitude.values(0), blocks.from(block) * bins, blocks.to(block) * bins),
                    progress);
            frames += blocks.to(block) - blocks.from(block);
            if (goesOn[0]) {
                assertThat(most[0]).isCloseTo(32 * frames / all, within(0.01));
            }
        }
        while (reconstructor.rest()) {
            // until all is delivered
        }
        assertThat(reconstructor.end().cancelled()).isTrue();
        assertThat(most[0]).isLessThan(32);
    }
}
