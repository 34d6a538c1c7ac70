package dev.phasor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.GivenPhase;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.Reconstruction;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Framing;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The device computes what the host computes: samples of few iterations, figures, counts, what is heard. */
class DeviceAgainstHostTest {

    private static final StftParameters STFT = StftParameters.hann(256, 64);
    private static final int LENGTH = 17_000;
    private static final Kernels HOST = Kernels.best();

    private static DeviceAccelerator accelerator;

    @BeforeAll
    static void open() {
        accelerator = TestDevice.accelerator();
    }

    private static AudioSignal audio() {
        float[][] samples = {new float[LENGTH], Signals.noise(2, LENGTH), new float[LENGTH]};
        for (int t = 0; t < LENGTH; t++) {
            samples[0][t] = (float) (Math.sin(1e-4 * t * t) + 0.3 * Math.sin(0.7 * t));
        }
        // The last item is silent.
        return new AudioSignal(Shape.of(3), samples, 16000);
    }

    private static Reconstruction run(
            Kernels kernels, Algorithm algorithm, ReconstructionParameters parameters, Progress progress) {
        return PhaseReconstructor.of(algorithm, kernels)
                .reconstruct(new Stft(parameters.stft()).forward(audio()).magnitude(), parameters, progress);
    }

    private static void assertAlike(Algorithm algorithm, ReconstructionParameters parameters, double bound) {
        Reconstruction host = run(HOST, algorithm, parameters, Progress.NONE);
        Reconstruction device = run(TestDevice.kernels(accelerator), algorithm, parameters, Progress.NONE);
        assertThat(device.report().device()).isEqualTo(accelerator.name());
        assertThat(device.report().onHost()).isNull();
        assertThat(device.report().iterations()).isEqualTo(host.report().iterations());
        for (int item = 0; item < 3; item++) {
            float[] expected = host.audio().samples(item);
            float[] found = device.audio().samples(item);
            double peak = 0;
            double most = 0;
            for (int t = 0; t < LENGTH; t++) {
                peak = Math.max(peak, Math.abs(expected[t]));
                most = Math.max(most, Math.abs(found[t] - expected[t]));
            }
            assertThat(most).as("item %d", item).isLessThanOrEqualTo(bound * peak);
            assertSameFigure(
                    device.report().spectralConvergenceDb().get(item),
                    host.report().spectralConvergenceDb().get(item));
            assertSameFigure(
                    device.report().inconsistencyDb().get(item),
                    host.report().inconsistencyDb().get(item));
        }
    }

    /** Below -100 dB a figure is the rounding of floats, and each transform has its own. */
    private static void assertSameFigure(double found, double expected) {
        assertThat(Math.max(found, -100)).isCloseTo(Math.max(expected, -100), within(0.05));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"SPSI", "PGHI", "RTPGHI", "RTPGHI_LOOKAHEAD", "RTISI_LA", "GSRTISI_LA", "LIVE"})
    void fourIterationsAreTheSameSamples(Algorithm algorithm) {
        assertAlike(
                algorithm, ReconstructionParameters.of(STFT).withIterations(4).withLength(LENGTH), 1e-4);
    }

    /** Their ends weigh less than all between them. */
    @Test
    void descendsFromUncenteredFrames() {
        StftParameters uncentered = new StftParameters(256, 64, 256, STFT.window(), Framing.NONE, STFT.padMode());
        for (int iterations : new int[] {8, 9, 10}) {
            assertAlike(
                    Algorithm.HYBRID,
                    ReconstructionParameters.of(uncentered)
                            .withIterations(iterations)
                            .withLength(LENGTH),
                    1e-4);
        }
    }

    @Test
    void withBands() {
        assertAlike(
                Algorithm.AUTO,
                ReconstructionParameters.of(STFT).withIterations(12).withLength(LENGTH),
                1e-2);
    }

    @Test
    void withKnownBins() {
        ComplexSpectrogram z = new Stft(STFT).forward(audio());
        float[][] mask = z.shape().newPlanes();
        for (float[] plane : mask) {
            for (int i = 0; i < plane.length; i += 3) {
                plane[i] = 1;
            }
        }
        GivenPhase given = GivenPhase.of(z).knownWhere(new RealSpectrogram(z.shape(), mask));
        ReconstructionParameters parameters =
                ReconstructionParameters.of(STFT).withIterations(4).withLength(LENGTH);
        for (Algorithm algorithm : List.of(Algorithm.GRIFFINLIM, Algorithm.ADMM, Algorithm.RAAR, Algorithm.HYBRID)) {
            assertAlike(algorithm, parameters.startingFrom(given), 1e-4);
        }
    }

    @Test
    void hearsOfTheSameIterations() {
        ReconstructionParameters parameters = ReconstructionParameters.of(STFT)
                .withIterations(40)
                .withTolerance(0.02)
                .withLength(LENGTH);
        for (Algorithm algorithm : List.of(Algorithm.GRIFFINLIM, Algorithm.HYBRID, Algorithm.AUTO)) {
            List<Double> onHost = heard(HOST, algorithm, parameters);
            List<Double> onDevice = heard(TestDevice.kernels(accelerator), algorithm, parameters);
            assertThat(onDevice).hasSameSizeAs(onHost);
            for (int i = 0; i < onHost.size(); i++) {
                assertThat(onDevice.get(i)).isCloseTo(onHost.get(i), within(0.05));
            }
        }
    }

    private static List<Double> heard(Kernels kernels, Algorithm algorithm, ReconstructionParameters parameters) {
        List<Double> heard = new ArrayList<>();
        run(kernels, algorithm, parameters, (item, iteration, db) -> {
            if (item == 0) {
                synchronized (heard) {
                    heard.add(db);
                }
            }
            return true;
        });
        return heard;
    }
}
