package dev.phasor.device;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.phasor.reconstruction.Kernels;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The device that tests compute on: a GPU where there is one, else any, such as PoCL's CPU. */
public final class TestDevice {

    private static final Optional<OpenClDevice> DEVICE = find();

    private TestDevice() {}

    private static Optional<OpenClDevice> find() {
        List<OpenClDevice> usable;
        try {
            usable = OpenClDevice.all().stream()
                    .filter(device -> device.unusable() == null)
                    .toList();
        } catch (LinkageError e) {
            return Optional.empty();
        }
        return usable.stream()
                .filter(device -> device.kind().equals("gpu"))
                .findFirst()
                .or(() -> usable.stream().findFirst());
    }

    /** The device's name; empty where there is none. */
    public static Optional<String> name() {
        return DEVICE.map(OpenClDevice::name);
    }

    /** Skips the test on a machine without any device. */
    static OpenClDevice require() {
        assumeTrue(DEVICE.isPresent(), "no OpenCL device is here: pocl-opencl-icd makes one of the CPU");
        return DEVICE.orElseThrow();
    }

    /** An accelerator that takes everything it can. */
    static DeviceAccelerator accelerator(Binding binding, long memory) {
        OpenClDevice device = require();
        return new DeviceAccelerator(
                device.name(),
                binding,
                new DeviceMemory(memory),
                device.largest(),
                Duration.ofHours(1),
                List.of(),
                LeastWork.ANY);
    }

    public static DeviceAccelerator accelerator() {
        return accelerator(new OpenCl(require()), 1L << 30);
    }

    /** An accelerator whose device is lost after some calls, each time that it is tried. */
    public static Losing losing() {
        FailingBinding binding = new FailingBinding(new OpenCl(require()));
        return new Losing(
                new DeviceAccelerator(
                        "stub", binding, new DeviceMemory(1 << 28), 1 << 28, Duration.ZERO, List.of(), LeastWork.ANY),
                binding);
    }

    /** @param accelerator whose device is lost after {@link #after} so many calls */
    public record Losing(DeviceAccelerator accelerator, FailingBinding binding) {

        public void after(int calls) {
            binding.failAfter(calls);
        }

        public void never() {
            binding.recover();
        }

        public int calls() {
            return binding.calls();
        }

        /** Buffers that are not released. */
        public long buffers() {
            return binding.buffers();
        }
    }

    /** The fastest kernels of the host beside the device. */
    static Kernels kernels(DeviceAccelerator accelerator) {
        return Kernels.best().beside(accelerator);
    }
}
