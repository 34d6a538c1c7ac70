package dev.phasor.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Signals;
import dev.phasor.reconstruction.AcceleratedProblem;
import dev.phasor.reconstruction.Accelerator;
import dev.phasor.reconstruction.AcceleratorDevice;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.ItemOutcome;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What a reconstruction takes of a device is told before: at least as much, at most four times. */
class DeviceCostTest {

    /** Takes everything, and keeps what it was asked. */
    private record Listening(Accelerator device, List<AcceleratedProblem> asked) implements Accelerator {
        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public String name() {
            return device.name();
        }

        @Override
        public List<AcceleratorDevice> devices() {
            return device.devices();
        }

        @Override
        public Optional<String> refusal(AcceleratedProblem problem) {
            return device.refusal(problem);
        }

        @Override
        public List<ItemOutcome> solve(AcceleratedProblem problem) {
            asked.add(problem);
            return device.solve(problem);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"SPSI", "PGHI", "RTPGHI", "RTPGHI_LOOKAHEAD", "RTISI_LA", "GSRTISI_LA", "LIVE"})
    void isToldBefore(Algorithm algorithm) {
        FailingBinding binding = new FailingBinding(new OpenCl(TestDevice.require()));
        for (int hop : new int[] {16, 64, 256}) {
            StftParameters stft = StftParameters.hann(512, hop);
            float[][] samples = {Signals.noise(1, 80_000), Signals.noise(2, 80_000)};
            MagnitudeSpectrogram magnitude = new Stft(stft)
                    .forward(new AudioSignal(Shape.of(2), samples, 16000))
                    .magnitude();
            Listening listening = new Listening(TestDevice.accelerator(binding, 1L << 32), new ArrayList<>());
            binding.forgetMost();
            PhaseReconstructor.of(algorithm, Kernels.best().beside(listening))
                    .reconstruct(magnitude, ReconstructionParameters.of(stft).withIterations(9), Progress.NONE);
            AcceleratedProblem problem = listening.asked().get(0);
            assertThat(Solver.bytes(problem, 2))
                    .as("hop %d", hop)
                    .isBetween(binding.mostBytes(), 4 * binding.mostBytes());
            assertThat(Solver.largest(problem, 2)).isGreaterThanOrEqualTo(binding.largest());
        }
    }
}
