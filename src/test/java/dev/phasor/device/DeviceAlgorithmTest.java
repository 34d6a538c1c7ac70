package dev.phasor.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Signals;
import dev.phasor.quality.Magnitudes;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.AlgorithmContract;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The algorithms on a device keep what they keep on the host. */
class DeviceAlgorithmTest extends AlgorithmContract {

    private static DeviceAccelerator accelerator;

    @BeforeAll
    static void open() {
        accelerator = TestDevice.accelerator();
    }

    @Override
    protected Kernels kernels() {
        return TestDevice.kernels(accelerator);
    }

    @Test
    void itemsThatThreadsUploadBesideEachOtherStayWhatTheyAre() {
        StftParameters stft = StftParameters.hann(256, 64);
        int items = 8;
        float[][] alike = new float[items][];
        Arrays.fill(alike, Signals.noise(3, 1000));
        MagnitudeSpectrogram magnitude =
                Magnitudes.of(new Stft(stft).forward(new AudioSignal(Shape.of(items), alike, 16000)));
        ReconstructionParameters parameters = ReconstructionParameters.of(stft).withIterations(1);
        PhaseReconstructor reconstructor = PhaseReconstructor.of(Algorithm.GRIFFINLIM, kernels());
        for (int turn = 0; turn < 30; turn++) {
            AudioSignal found = reconstructor
                    .reconstruct(magnitude, parameters, Progress.NONE)
                    .audio();
            for (int item = 1; item < items; item++) {
                assertThat(Arrays.mismatch(found.samples(item), found.samples(0)))
                        .isNegative();
            }
        }
    }

    @AfterAll
    static void theDeviceComputed() {
        if (accelerator != null) {
            assertThat(accelerator.failures()).isZero();
            assertThat(accelerator.solved()).isGreaterThan(100);
        }
    }
}
