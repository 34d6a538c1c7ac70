package dev.phasor.device;

import dev.phasor.reconstruction.Accelerator;
import dev.phasor.reconstruction.AcceleratorDevice;
import dev.phasor.reconstruction.AcceleratorFailure;
import dev.phasor.reconstruction.Kernels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the devices of this machine, and chooses the one that computes. */
public final class Devices {

    private static final String AUTO = "auto";
    private static final String OFF = "off";

    private Devices() {}

    /**
     * The device that a setting names.
     *
     * @param setting {@code auto}: the first GPU, for work that it is faster at; {@code off}: none; else a part of a
     *     device's name, whose device computes all reconstructions that it can, and of the maps in one pass a CPU's
     *     all, a GPU's those that it is faster at
     * @param memoryShare percent of its memory that computations may hold
     * @param retry how long the host computes after the device failed
     * @param host what the device is measured against
     */
    public static Accelerator choose(String setting, int memoryShare, Duration retry, Kernels host) {
        if (setting.equals(OFF)) {
            return new NoDevice(List.of());
        }
        List<OpenClDevice> all;
        try {
            all = OpenClDevice.all();
        } catch (LinkageError e) {
            // No loader: nothing was installed for devices.
            return new NoDevice(List.of());
        }
        OpenClDevice chosen = all.stream()
                .filter(device -> refusal(device, setting) == null)
                .findFirst()
                .orElse(null);
        if (chosen == null) {
            return new NoDevice(described(all, setting, null, ""));
        }
        try {
            return open(chosen, all, setting, memoryShare, retry, host);
        } catch (AcceleratorFailure e) {
            return new NoDevice(described(all, setting, chosen, "it failed at the start: " + e.getMessage()));
        }
    }

    private static Accelerator open(
            OpenClDevice chosen,
            List<OpenClDevice> all,
            String setting,
            int memoryShare,
            Duration retry,
            Kernels host) {
        Binding binding = new OpenCl(chosen);
        DeviceMemory memory = new DeviceMemory(chosen.memory() / 100 * memoryShare);
        List<AcceleratorDevice> used = described(all, setting, chosen, "");
        if (!chosen.kind().equals("gpu")) {
            return accelerator(chosen, binding, memory, retry, used, LeastWork.ANY);
        }
        DeviceAccelerator tried = accelerator(chosen, binding, memory, retry, List.of(), LeastWork.ANY);
        if (!setting.equals(AUTO)) {
            LeastWork least = new LeastWork(0, Calibration.onePass(tried, host));
            return accelerator(chosen, binding, memory, retry, used, least);
        }
        LeastWork leastWork = Calibration.leastWork(tried, host);
        if (tried.failures() > 0) {
            throw new AcceleratorFailure("it failed at a first small problem");
        }
        if (Double.isInfinite(leastWork.iterated())) {
            return new NoDevice(described(all, setting, chosen, "the host's cores measured faster"));
        }
        return accelerator(chosen, binding, memory, retry, used, leastWork);
    }

    private static DeviceAccelerator accelerator(
            OpenClDevice device,
            Binding binding,
            DeviceMemory memory,
            Duration retry,
            List<AcceleratorDevice> devices,
            LeastWork leastWork) {
        return new DeviceAccelerator(device.name(), binding, memory, device.largest(), retry, devices, leastWork);
    }

    /** Why a device is not used; null where it can be. */
    private static @Nullable String refusal(OpenClDevice device, String setting) {
        if (device.unusable() != null) {
            return device.unusable();
        }
        if (setting.equals(AUTO)) {
            return device.kind().equals("gpu") ? null : "it is no GPU: phasor.device must name it";
        }
        boolean named = device.name().toLowerCase(Locale.ROOT).contains(setting.toLowerCase(Locale.ROOT));
        return named ? null : "phasor.device=" + setting + " names another";
    }

    /** @param failure why the chosen device is not used after all; empty if it is */
    private static List<AcceleratorDevice> described(
            List<OpenClDevice> all, String setting, @Nullable OpenClDevice chosen, String failure) {
        List<AcceleratorDevice> described = new ArrayList<>();
        for (OpenClDevice device : all) {
            String refusal = refusal(device, setting);
            boolean is = device.equals(chosen);
            boolean used = is && failure.isEmpty();
            String reason = used
                    ? "phasor.device=" + setting
                    : is ? failure : refusal == null ? "another device comes before it" : refusal;
            described.add(new AcceleratorDevice(
                    device.name(), device.kind(), device.driver(), device.memory(), used, reason));
        }
        return described;
    }
}
