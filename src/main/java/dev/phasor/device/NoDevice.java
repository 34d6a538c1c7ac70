package dev.phasor.device;

import dev.phasor.reconstruction.AcceleratedProblem;
import dev.phasor.reconstruction.Accelerator;
import dev.phasor.reconstruction.AcceleratorDevice;
import dev.phasor.reconstruction.ItemOutcome;
import java.util.List;
import java.util.Optional;

/**
 * No device computes; those that were found are told.
 *
 * @param devices why each is not used
 */
record NoDevice(List<AcceleratorDevice> devices) implements Accelerator {

    NoDevice {
        devices = List.copyOf(devices);
    }

    @Override
    public boolean exists() {
        return false;
    }

    @Override
    public String name() {
        return "none";
    }

    @Override
    public Optional<String> refusal(AcceleratedProblem problem) {
        return Optional.of("no device is used");
    }

    @Override
    public List<ItemOutcome> solve(AcceleratedProblem problem) {
        throw new IllegalStateException("no device is used");
    }
}
