package dev.phasor.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.reconstruction.AlgorithmContract;
import dev.phasor.reconstruction.Kernels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

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

    @AfterAll
    static void theDeviceComputed() {
        if (accelerator != null) {
            assertThat(accelerator.failures()).isZero();
            assertThat(accelerator.solved()).isGreaterThan(100);
        }
    }
}
