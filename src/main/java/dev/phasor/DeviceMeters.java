package dev.phasor;

import dev.phasor.device.DeviceAccelerator;
import dev.phasor.reconstruction.Accelerator;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** Meters of the device that computes; none where none does. */
record DeviceMeters(Accelerator accelerator) implements MeterBinder {

    @Override
    public void bindTo(MeterRegistry registry) {
        if (accelerator instanceof DeviceAccelerator device) {
            count(registry, device, "phasor.device.seconds", "Time of computations", DeviceAccelerator::seconds);
            count(registry, device, "phasor.device.items", "Items computed", DeviceAccelerator::solved);
            count(registry, device, "phasor.device.left", "Requests left to the host", DeviceAccelerator::refused);
            count(registry, device, "phasor.device.failures", "Failures", DeviceAccelerator::failures);
            gauge(registry, device, "phasor.device.memory", "Bytes reserved", DeviceAccelerator::heldBytes);
            gauge(registry, device, "phasor.device.memory.limit", "Most bytes reserved", DeviceAccelerator::mostBytes);
            gauge(registry, device, "phasor.device.queue", "Computations that wait", DeviceAccelerator::waiting);
        }
    }

    private static void count(
            MeterRegistry registry,
            DeviceAccelerator device,
            String name,
            String description,
            ToDoubleFunction<DeviceAccelerator> value) {
        FunctionCounter.builder(name, device, value)
                .description(description)
                .tag("device", device.name())
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            DeviceAccelerator device,
            String name,
            String description,
            ToDoubleFunction<DeviceAccelerator> value) {
        Gauge.builder(name, device, value)
                .description(description)
                .tag("device", device.name())
                .register(registry);
    }
}
