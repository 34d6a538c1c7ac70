package dev.phasor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.Signals;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.Reconstruction;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Cancellation;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device that fails at any of its calls, or does not take a problem: the host answers, and says why. */
class DeviceFailureTest {

    private static final StftParameters STFT = StftParameters.hann(128, 32);
    private static final Kernels HOST = Kernels.best();

    private FailingBinding binding;
    private DeviceAccelerator accelerator;

    @BeforeEach
    void open() {
        binding = new FailingBinding(new OpenCl(TestDevice.require()));
        accelerator = accelerator(Duration.ZERO, 1 << 28, 0);
    }

    private DeviceAccelerator accelerator(Duration retry, long memory, double leastWork) {
        LeastWork least = new LeastWork(leastWork, Map.of());
        return new DeviceAccelerator("stub", binding, new DeviceMemory(memory), memory, retry, List.of(), least);
    }

    private static MagnitudeSpectrogram magnitude(StftParameters stft) {
        return new Stft(stft)
                .forward(AudioSignal.mono(Signals.noise(1, 1000 + 2 * stft.fftSize()), 16000))
                .magnitude();
    }

    private static Reconstruction run(StftParameters stft, Kernels kernels) {
        return PhaseReconstructor.of(Algorithm.AUTO, kernels)
                .reconstruct(magnitude(stft), ReconstructionParameters.of(stft).withIterations(10), Progress.NONE);
    }

    private Reconstruction run() {
        return run(STFT, TestDevice.kernels(accelerator));
    }

    @Test
    void theHostAnswersWhicheverCallFails() {
        float[] host = run(STFT, HOST).audio().samples(0);
        run();
        int before = binding.calls();
        float[] device = run().audio().samples(0);
        int all = binding.calls() - before;
        assertThat(all).isGreaterThan(100);
        for (int calls = 0; calls < all - 20; calls += 1 + calls / 8) {
            binding.failAfter(calls);
            Reconstruction answered = run();
            assertThat(answered.audio().samples(0)).as("after %d calls", calls).containsExactly(host);
            assertThat(answered.report().warnings()).singleElement().asString().startsWith("device_failed: stub: cl");
            assertThat(answered.report().device()).isNull();
            assertThat(answered.report().onHost()).isEqualTo("the device failed");
            assertThat(accelerator.heldBytes()).isZero();
            assertThat(binding.buffers()).isZero();
        }
        binding.recover();
        Reconstruction again = run();
        assertThat(again.report().device()).isEqualTo("stub");
        assertThat(again.audio().samples(0)).containsExactly(device);
    }

    /** Of the threads that upload items one hears of the loss first. */
    @Test
    void nothingReachesADeviceThatWasGivenBack() {
        float[][] alike = new float[8][];
        Arrays.fill(alike, Signals.noise(1, 4000));
        MagnitudeSpectrogram items = new Stft(STFT)
                .forward(new AudioSignal(Shape.of(alike.length), alike, 16000))
                .magnitude();
        PhaseReconstructor reconstructor = PhaseReconstructor.of(Algorithm.GRIFFINLIM, TestDevice.kernels(accelerator));
        ReconstructionParameters parameters = ReconstructionParameters.of(STFT).withIterations(1);
        reconstructor.reconstruct(items, parameters, Progress.NONE);
        for (int turn = 0; turn < 100; turn++) {
            binding.failAfter(15 + turn % 20);
            reconstructor.reconstruct(items, parameters, Progress.NONE);
        }
        assertThat(binding.late()).isZero();
    }

    @Test
    void aFailedDeviceIsLeftAloneForAWhile() {
        accelerator = accelerator(Duration.ofHours(1), 1 << 28, 0);
        binding.failAfter(5);
        assertThat(run().report().warnings()).hasSize(1);
        binding.recover();
        int calls = binding.calls();
        Reconstruction second = run();
        assertThat(second.report().warnings()).isEmpty();
        assertThat(second.report().onHost()).contains("failed").contains("tried again in 3600 s");
        assertThat(binding.calls()).isEqualTo(calls);
        assertThat(accelerator.failures()).isEqualTo(1);
    }

    @Test
    void otherSizesAreTheHosts() {
        for (int size : new int[] {16, 100, 16384}) {
            StftParameters stft = StftParameters.hann(size, size / 4);
            Reconstruction answered = run(stft, TestDevice.kernels(accelerator));
            assertThat(answered.report().device()).isNull();
            assertThat(answered.report().onHost()).isEqualTo("n_fft " + size + " is not a power of two in 32..8192");
        }
        assertThat(binding.calls()).isZero();
        assertThat(accelerator.refused()).isEqualTo(3);
    }

    @Test
    void littleWorkIsTheHosts() {
        accelerator = accelerator(Duration.ZERO, 1 << 28, 1e6);
        assertThat(run().report().onHost()).startsWith("too little work");
    }

    @Test
    void whatCanNeverFitIsTheHosts() {
        accelerator = accelerator(Duration.ZERO, 1 << 20, 0);
        assertThat(run().report().onHost()).startsWith("too large");
    }

    @Test
    void algorithmsWithoutIterationsAreTheHosts() {
        Reconstruction answered = PhaseReconstructor.of(Algorithm.PGHI, TestDevice.kernels(accelerator))
                .reconstruct(magnitude(STFT), ReconstructionParameters.of(STFT), Progress.NONE);
        assertThat(answered.report().onHost()).contains("pghi");
    }

    @Test
    void cancelledWorkEndsAndHoldsNothing() {
        Cancellation unwanted = new Cancellation();
        Progress cancelling = (item, iteration, db) -> {
            unwanted.cancel();
            return true;
        };
        assertThatThrownBy(() ->
                        unwanted.run(() -> PhaseReconstructor.of(Algorithm.GRIFFINLIM, TestDevice.kernels(accelerator))
                                .reconstruct(magnitude(STFT), ReconstructionParameters.of(STFT), cancelling)))
                .isInstanceOf(CancellationException.class);
        assertThat(accelerator.heldBytes()).isZero();
        assertThat(binding.buffers()).isZero();
        assertThat(accelerator.failures()).isZero();
    }

    /** PoCL would take the signal by which the JVM finds a division by zero. */
    @Test
    void divisionsByZeroStillThrow() {
        run();
        int caught = 0;
        for (int i = 0; i < 100_000; i++) {
            try {
                caught -= divided(i, i % 1000 == 0 ? 0 : 1) == Integer.MIN_VALUE ? 1 : 0;
            } catch (ArithmeticException e) {
                caught++;
            }
        }
        assertThat(caught).isEqualTo(100);
    }

    private static int divided(int a, int b) {
        return a / b;
    }
}
