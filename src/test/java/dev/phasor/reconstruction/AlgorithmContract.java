package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.phasor.Signals;
import dev.phasor.quality.Magnitudes;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Framing;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is promised of each algorithm, whatever the magnitudes, the transform and the kernels. */
public abstract class AlgorithmContract {

    private static final int LENGTH = 2000;
    private static final StftParameters HANN = StftParameters.hann(256, 64);

    private static AudioSignal signal(IntToDoubleFunction sample) {
        float[] samples = new float[LENGTH];
        for (int t = 0; t < LENGTH; t++) {
            samples[t] = (float) sample.applyAsDouble(t);
        }
        return AudioSignal.mono(samples, 16000);
    }

    private static AudioSignal noise(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return signal(t -> 2 * random.nextDouble() - 1);
    }

    private static AudioSignal chirp() {
        return signal(t -> Math.sin(1e-4 * t * t) + 0.3 * Math.sin(0.7 * t));
    }

    private static MagnitudeSpectrogram magnitudes(AudioSignal audio, StftParameters stft) {
        return Magnitudes.of(new Stft(stft).forward(audio));
    }

    private static ReconstructionParameters parameters(StftParameters stft) {
        return ReconstructionParameters.of(stft).withIterations(10).withLength(LENGTH);
    }

    /** What computes. */
    protected abstract Kernels kernels();

    private Reconstruction run(
            Algorithm algorithm, MagnitudeSpectrogram magnitude, ReconstructionParameters parameters) {
        return PhaseReconstructor.of(algorithm, kernels()).reconstruct(magnitude, parameters, Progress.NONE);
    }

    /** Each algorithm with each of what it may be given. */
    static Stream<Arguments> anything() {
        StftParameters odd = StftParameters.hann(255, 50);
        StftParameters tiny = StftParameters.hann(3, 1);
        List<Arguments> given = new ArrayList<>(List.of(
                arguments("a click", magnitudes(signal(t -> t == 900 ? 1 : 0), HANN), parameters(HANN)),
                arguments(
                        "a pure tone on a bin",
                        magnitudes(signal(t -> Math.sin(2 * Math.PI * 8 * t / 256)), HANN),
                        parameters(HANN)),
                arguments("a constant", magnitudes(signal(t -> 1), HANN), parameters(HANN)),
                arguments("noise at full scale", magnitudes(noise(1), HANN), parameters(HANN)),
                arguments("magnitudes of no signal", magnitudesOfNoSignal(), parameters(HANN)),
                arguments("one frame", oneFrame(), parameters(HANN).withLength(5)),
                arguments(
                        "one frame, of which the first sample is known",
                        noSignal(StftParameters.hann(16, 1), 1),
                        parameters(StftParameters.hann(16, 1)).withLength(5)),
                arguments("odd frames", magnitudes(chirp(), odd), parameters(odd)),
                arguments(
                        "the smallest frames",
                        magnitudes(chirp(), tiny),
                        parameters(tiny).withIterations(2))));
        // So short that no gap is in what is answered.
        for (StftParameters gaps : List.of(
                new StftParameters(100, 25, 17, Window.HANN, true, PadMode.CONSTANT), StftParameters.hann(64, 64))) {
            given.add(arguments(
                    "gaps between frames of " + gaps.fftSize(),
                    noSignal(gaps, 7),
                    parameters(gaps).withLength(1)));
        }
        for (int hop : new int[] {256, 128, 100, 32, 8}) {
            // A Hamming window is nowhere near 0, so that it can be inverted at redundancy 1 too.
            StftParameters stft = new StftParameters(
                    256, hop, 256, new Window(Window.Kind.HAMMING, Window.DEFAULT), true, PadMode.CONSTANT);
            given.add(arguments(
                    "redundancy " + 256.0 / hop,
                    magnitudes(chirp(), stft),
                    parameters(stft).withIterations(2).withLength(1920)));
        }
        return Stream.of(Algorithm.values())
                .flatMap(algorithm ->
                        given.stream().map(each -> arguments(algorithm, each.get()[0], each.get()[1], each.get()[2])));
    }

    private static MagnitudeSpectrogram magnitudesOfNoSignal() {
        return noSignal(HANN, HANN.frames(LENGTH));
    }

    private static MagnitudeSpectrogram noSignal(StftParameters stft, int frames) {
        SplittableRandom random = new SplittableRandom(2);
        SpectrogramShape shape = new SpectrogramShape(Shape.SCALAR, stft.bins(), frames);
        float[][] planes = shape.newPlanes();
        for (int i = 0; i < planes[0].length; i++) {
            planes[0][i] = random.nextInt(3) == 0 ? 0 : (float) random.nextDouble();
        }
        return new MagnitudeSpectrogram(shape, planes);
    }

    private static MagnitudeSpectrogram oneFrame() {
        AudioSignal audio = AudioSignal.mono(new float[] {0.1f, -0.4f, 0.9f, 0.2f, -0.3f}, 16000);
        MagnitudeSpectrogram one = magnitudes(audio, HANN);
        assertThat(one.shape().frames()).isEqualTo(1);
        return one;
    }

    /** Finite, as long as asked for, and what the report says of the audio is what {@link Evaluation} finds. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("anything")
    void endsWithATrueReport(
            Algorithm algorithm, String name, MagnitudeSpectrogram magnitude, ReconstructionParameters parameters) {
        Reconstruction result = run(algorithm, magnitude, parameters);
        Signals.assertFinite(result.audio().samples(0));
        Evaluation measured = Evaluation.delivered(
                result.audio(),
                magnitude,
                Kernels.best().stft(parameters.stft()),
                Kernels.best().iteration());
        ReconstructionReport report = result.report();
        assertThat(result.audio().length()).isEqualTo(parameters.length());
        assertSameFigure(
                report.spectralConvergenceDb().get(0),
                measured.spectralConvergenceDb().get(0));
        assertSameFigure(
                report.inconsistencyDb().get(0), measured.inconsistencyDb().get(0));
        assertThat(report.iterations()).isBetween(0, parameters.iterations());
    }

    /** Below -100 dB a figure is the rounding of floats, and each transform has its own. */
    private static void assertSameFigure(double found, double expected) {
        assertThat(found).isCloseTo(expected, within(expected > -100 ? 0.01 : 0.5));
    }

    @ParameterizedTest
    @EnumSource
    void silence(Algorithm algorithm) {
        AudioSignal silence = signal(t -> 0);
        Reconstruction result = run(algorithm, magnitudes(silence, HANN), parameters(HANN));
        assertThat(result.audio().samples(0)).containsOnly(0f);
        assertThat(result.report().spectralConvergenceDb()).containsExactly(Decibels.LOWEST);
    }

    @ParameterizedTest
    @EnumSource
    void sameBitsOnAnyNumberOfThreads(Algorithm algorithm) {
        MagnitudeSpectrogram magnitude = magnitudes(chirp(), StftParameters.hann(512, 16));
        ReconstructionParameters parameters =
                parameters(StftParameters.hann(512, 16)).withIterations(8);
        float[] here = run(algorithm, magnitude, parameters).audio().samples(0);
        for (int threads : new int[] {1, 3}) {
            ForkJoinPool pool = new ForkJoinPool(threads);
            try {
                float[] there = pool.submit(() ->
                                run(algorithm, magnitude, parameters).audio().samples(0))
                        .join();
                assertThat(there).containsExactly(here);
            } finally {
                pool.shutdown();
            }
        }
    }

    /** By powers of two, which change no bit. */
    @ParameterizedTest
    @EnumSource
    void scalesWithItsMagnitudes(Algorithm algorithm) {
        float[] plain = run(algorithm, magnitudes(chirp(), HANN), parameters(HANN))
                .audio()
                .samples(0);
        for (int exponent : new int[] {-60, 60}) {
            MagnitudeSpectrogram magnitude = magnitudes(chirp(), HANN);
            for (int i = 0; i < magnitude.values(0).length; i++) {
                magnitude.values(0)[i] = Math.scalb(magnitude.values(0)[i], exponent);
            }
            float[] scaled = run(algorithm, magnitude, parameters(HANN).withTolerance(1e-9))
                    .audio()
                    .samples(0);
            for (int t = 0; t < LENGTH; t++) {
                assertThat(Math.scalb((double) scaled[t], -exponent)).isCloseTo(plain[t], within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void channelsAreReconstructedOneByOne(Algorithm algorithm) {
        AudioSignal both = new AudioSignal(
                Shape.of(2),
                new float[][] {chirp().samples(0), chirp().samples(0).clone()},
                16000);
        both.samples(1)[700] += 1;
        Reconstruction together = run(algorithm, magnitudes(both, HANN), parameters(HANN));
        float[] alone = run(algorithm, magnitudes(chirp(), HANN), parameters(HANN))
                .audio()
                .samples(0);
        assertThat(together.audio().leading()).isEqualTo(Shape.of(2));
        assertThat(Arrays.mismatch(together.audio().samples(0), alone))
                .as("first sample that differs")
                .isNegative();
        assertThat(together.report().spectralConvergenceDb()).hasSize(2);
    }

    /** The magnitudes' own phase, given and known everywhere, gives the signal. */
    @ParameterizedTest
    @MethodSource("dev.phasor.AlgorithmKinds#overTheWhole")
    void keepsThePhaseThatIsKnown(Algorithm algorithm) {
        ComplexSpectrogram z = new Stft(HANN).forward(chirp());
        float[][] everywhere = z.shape().newPlanes();
        Arrays.fill(everywhere[0], 1);
        GivenPhase known = GivenPhase.of(z).knownWhere(new RealSpectrogram(z.shape(), everywhere));
        float[] samples = run(
                        algorithm, magnitudes(chirp(), HANN), parameters(HANN).startingFrom(known))
                .audio()
                .samples(0);
        for (int t = 0; t < LENGTH; t++) {
            assertThat(samples[t]).isCloseTo(chirp().samples(0)[t], within(1e-3f));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.phasor.AlgorithmKinds#overTheWhole")
    void endsWhenToldTo(Algorithm algorithm) {
        List<Integer> heard = new ArrayList<>();
        ReconstructionReport report = PhaseReconstructor.of(algorithm, kernels())
                .reconstruct(magnitudes(chirp(), HANN), parameters(HANN).withIterations(50), (item, iteration, db) -> {
                    heard.add(iteration);
                    return heard.size() < 3;
                })
                .report();
        assertThat(report.cancelled()).isTrue();
        assertThat(heard).hasSize(3);
        assertThat(report.iterations()).isEqualTo(heard.get(2)).isLessThan(50);
    }

    /**
     * What a start was to use and did not is no iteration. One that tells nothing of itself, as the device's, runs
     * whole.
     */
    @ParameterizedTest
    @MethodSource("dev.phasor.AlgorithmKinds#overTheWhole")
    void countsWhatRanWhereItEndsInItsStart(Algorithm algorithm) {
        List<Double> told = new CopyOnWriteArrayList<>();
        Progress none = new Progress() {
            @Override
            public boolean iterated(int item, int iteration, double spectralConvergenceDb) {
                return false;
            }

            @Override
            public boolean started(int item, double iterations) {
                told.add(iterations);
                return false;
            }
        };
        ReconstructionReport report = PhaseReconstructor.of(algorithm, kernels())
                .reconstruct(magnitudes(chirp(), HANN), parameters(HANN).withIterations(1000), none)
                .report();
        assertThat(report.cancelled()).isTrue();
        assertThat(report.iterations()).isLessThan(told.isEmpty() ? 1000 : 10);
    }

    /**
     * A step of a descent leads upwards now and then, and sometimes it is the last: Griffin-Lim's step goes from the
     * better of two.
     */
    @ParameterizedTest
    @EnumSource(names = {"CENTER", "NONE"})
    void theLastStepIsNotFollowedUpwards(Framing framing) {
        StftParameters stft = new StftParameters(256, 32, 256, Window.HANN, framing, PadMode.CONSTANT);
        AudioSignal toneAndStep = signal(t -> Math.sin(0.3 * t) + (t > LENGTH / 2 ? 1 : 0));
        MagnitudeSpectrogram magnitude = magnitudes(toneAndStep, stft);
        for (int iterations = 10; iterations <= 60; iterations++) {
            List<Double> errors = new ArrayList<>();
            double convergence = PhaseReconstructor.of(Algorithm.HYBRID, kernels())
                    .reconstruct(magnitude, parameters(stft).withIterations(iterations), (item, iteration, db) -> {
                        errors.add(db);
                        return true;
                    })
                    .report()
                    .spectralConvergenceDb()
                    .get(0);
            assertThat(convergence)
                    .as("%d iterations", iterations)
                    .isLessThanOrEqualTo(Math.min(errors.get(iterations - 2), errors.get(iterations - 1)) + 1e-3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void warnsWhereMagnitudesHardlyDetermineAPhase(Algorithm algorithm) {
        StftParameters coarse = StftParameters.hann(256, 128);
        assertThat(run(algorithm, magnitudes(chirp(), coarse), parameters(coarse))
                        .report()
                        .warnings())
                .singleElement()
                .asString()
                .contains("redundancy");
        assertThat(run(algorithm, magnitudes(chirp(), HANN), parameters(HANN))
                        .report()
                        .warnings())
                .isEmpty();
    }
}
