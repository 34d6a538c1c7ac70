package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Signals;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepairTest {

    private static final StftParameters STFT = StftParameters.hann(512, 128);

    private static final MagnitudeSpectrogram MAGNITUDE = new Stft(STFT)
            .forward(AudioSignal.mono(Signals.noise(7, 20_000), 16_000))
            .magnitude();

    private static Reconstruction auto(int iterations) {
        return PhaseReconstructor.of(Algorithm.AUTO).reconstruct(MAGNITUDE, parameters(iterations), Progress.NONE);
    }

    private static ReconstructionParameters parameters(int iterations) {
        return ReconstructionParameters.of(STFT).withIterations(iterations);
    }

    @Test
    void moreIterationsFromTheSameSignalAreNeverWorse() {
        List<Double> errors = new ArrayList<>();
        for (int iterations : new int[] {200, 215, 230, 250}) {
            ReconstructionReport report = auto(iterations).report();
            // A neighborhood that might not fit is not begun.
            assertThat(report.iterations()).isBetween(iterations - 10, iterations);
            errors.add(-report.spectralConvergenceDb().get(0));
        }
        assertThat(errors).isSorted();
        assertThat(errors.get(3)).isGreaterThan(errors.get(0) + 0.1);
    }

    @Test
    void aRoundNeverRaisesTheErrorThatIsDelivered() {
        List<Double> errors = new ArrayList<>();
        Reconstruction found = PhaseReconstructor.of(Algorithm.AUTO)
                .reconstruct(MAGNITUDE, parameters(500), (item, iteration, convergence) -> {
                    if (iteration > 400) {
                        errors.add(-convergence);
                    }
                    return true;
                });
        assertThat(errors).hasSizeGreaterThan(5).isSorted();
        double told = -errors.get(errors.size() - 1);
        assertThat(found.report().spectralConvergenceDb().get(0)).isBetween(told - 0.1, told + 0.01);
    }

    /** Where eight frames see a sample. */
    @Test
    void anExcursionIsNeverWorse() {
        ReconstructionParameters parameters = ReconstructionParameters.of(StftParameters.hann(256, 32));
        MagnitudeSpectrogram magnitude = new Stft(parameters.stft())
                .forward(AudioSignal.mono(Signals.noise(7, 4_000), 16_000))
                .magnitude();
        List<Double> errors = new ArrayList<>();
        for (int iterations : new int[] {1000, 1001, 1010, 1300}) {
            ReconstructionReport report = PhaseReconstructor.of(Algorithm.AUTO)
                    .reconstruct(magnitude, parameters.withIterations(iterations), Progress.NONE)
                    .report();
            assertThat(report.iterations()).isEqualTo(iterations);
            errors.add(-report.spectralConvergenceDb().get(0));
        }
        assertThat(errors).allMatch(error -> error >= errors.get(0) - 1e-3);
        assertThat(errors.get(3)).isGreaterThan(errors.get(0) + 0.1);
    }

    /** Between rounds: nothing that was found before it is lost, and rounds follow. */
    @Test
    void anExcursionBetweenRoundsIsNeverWorse() {
        double before = auto(500).report().spectralConvergenceDb().get(0);
        for (int iterations : new int[] {800, 1000}) {
            List<Double> told = new ArrayList<>();
            Reconstruction found = PhaseReconstructor.of(Algorithm.AUTO)
                    .reconstruct(MAGNITUDE, parameters(iterations), (item, iteration, convergence) -> {
                        if (iteration > 500 + 0.8 * (iterations - 500)) {
                            told.add(-convergence);
                        }
                        return true;
                    });
            assertThat(told).hasSizeGreaterThan(2).isSorted();
            double after = found.report().spectralConvergenceDb().get(0);
            assertThat(after).isBetween(-told.get(told.size() - 1) - 0.1, -told.get(told.size() - 1) + 0.01);
            assertThat(after).isLessThan(before - 0.1);
            assertThat(found.report().iterations()).isBetween(iterations - 10, iterations);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 256, 400, 500, 500, 100, 0, 0",
        "1024, 256, 400, 799, 500, 399, 0, 0",
        "1024, 256, 400, 800, 500, 100, 240, 60",
        "1024, 250, 400, 800, 90, 400, 0, 0",
        "1024, 250, 400, 800, 100, 100, 240, 60",
        "1024, 256, 400, 2000, 500, 100, 1200, 300",
        "1024, 256, 700, 700, 500, 0, 0, 0",
        "2048, 256, 1000, 2000, 500, 0, 1000, 0",
        "2048, 256, 900, 900, 500, 0, 0, 0"
    })
    void itsStages(
            int size, int hop, int begin, int iterations, int frames, int rounds, int excursion, int lastRounds) {
        List<Workload.Stage> stages = Repair.stages(StftParameters.hann(size, hop), begin, iterations, frames);
        assertThat(stages.stream().map(Workload.Stage::iterations))
                .containsExactly((double) rounds, (double) excursion, (double) lastRounds);
        assertThat(stages.get(0).weight())
                .isEqualTo(stages.get(2).weight())
                .isGreaterThan(stages.get(1).weight());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theSameBitsOnAnyNumberOfThreads(int threads) {
        float[] here = auto(260).audio().samples(0);
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            assertThat(pool.submit(() -> auto(260).audio().samples(0)).join()).containsExactly(here);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void upTo200IterationsNothingIsLeftToIt() {
        Problem problem = new Problem(
                Kernels.best(),
                Kernels.best().stft(STFT),
                MAGNITUDE.values(0),
                0,
                STFT.defaultLength(MAGNITUDE.shape().frames()),
                parameters(200));
        Plan plan = Plan.of(Algorithm.AUTO, parameters(200));
        assertThat(plan.solve(problem, Progress.NONE).samples())
                .containsExactly(
                        plan.withoutRepair().solve(problem, Progress.NONE).samples());
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 256, 200, 500, 128000, 200",
        "1024, 256, 201, 500, 128000, 201",
        "1024, 256, 202, 500, 128000, 200",
        "256, 64, 260, 40, 2496, 260",
        "1024, 256, 500, 500, 128000, 400",
        "1024, 256, 1000, 500, 128000, 400",
        "1024, 256, 2000, 500, 128000, 400",
        "2048, 256, 500, 500, 128000, 500",
        "2048, 256, 1000, 500, 128000, 1000",
        "2048, 256, 2000, 500, 128000, 1000",
        "1024, 256, 500, 20, 4864, 500",
        "1023, 256, 500, 500, 128000, 500"
    })
    void beginsWhereBandsAndLongNeighborhoodsAreAndOneFits(
            int size, int hop, int iterations, int frames, int length, int begin) {
        assertThat(Repair.begin(StftParameters.hann(size, hop), iterations, frames, length))
                .isEqualTo(begin);
    }

    /** Frames of a few loud bins between silence, the first and the last among them. */
    @Test
    void whatIsMostlySilentStaysFinite() {
        float[] samples = new float[20_000];
        for (int i = 9_000; i < 9_600; i++) {
            samples[i] = (float) Math.sin(0.3 * i);
        }
        MagnitudeSpectrogram magnitude =
                new Stft(STFT).forward(AudioSignal.mono(samples, 16_000)).magnitude();
        Reconstruction found =
                PhaseReconstructor.of(Algorithm.AUTO).reconstruct(magnitude, parameters(300), Progress.NONE);
        assertThat(found.report().spectralConvergenceDb().get(0)).isLessThan(-20);
        for (float sample : found.audio().samples(0)) {
            assertThat(sample).isFinite();
        }
    }
}
