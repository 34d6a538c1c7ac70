package dev.phasor;

import dev.phasor.compute.BlockSettings;
import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.ComputePool;
import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Spools;
import dev.phasor.compute.StreamLimits;
import dev.phasor.decoder.Decoder;
import dev.phasor.decoder.DecoderSettings;
import dev.phasor.device.Devices;
import dev.phasor.operation.Observer;
import dev.phasor.operation.Operations;
import dev.phasor.phase.KernelChoice;
import dev.phasor.phase.PhaseKernels;
import dev.phasor.reconstruction.Accelerator;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.web.access.ApiKeys;
import dev.phasor.web.audio.Rehearsal;
import dev.phasor.web.connection.ConnectionLimits;
import dev.phasor.web.connection.OwnPort;
import dev.phasor.web.session.LiveRehearsal;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the parts of the engine. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    Limits.class,
    ComputeSettings.class,
    StreamLimits.class,
    BlockSettings.class,
    ConnectionLimits.class,
    ClientLimits.class,
    DecoderSettings.class,
    PhaseSettings.class,
    DeviceSettings.class,
    Nd4jSettings.class,
    WarmupSettings.class
})
class EngineConfiguration {

    private static final Logger log = LoggerFactory.getLogger(EngineConfiguration.class);

    @Bean
    KernelChoice phaseKernel(PhaseSettings phase, Nd4jSettings nd4j) {
        KernelChoice choice = PhaseKernels.choose(phase.kernel(), nd4j.maxMemory());
        log.info("phase kernel: {} ({})", choice.kernel().name(), choice.reason());
        return choice;
    }

    /** The device that iterates beside the host's cores, if any. */
    @Bean
    Accelerator accelerator(KernelChoice choice, DeviceSettings settings) {
        Accelerator accelerator = Devices.choose(
                settings.device(), settings.deviceMemoryShare(), settings.deviceRetry(), Kernels.with(choice.kernel()));
        accelerator
                .devices()
                .forEach(device -> log.info(
                        "device {} ({}): {}, {}",
                        device.name(),
                        device.driver(),
                        device.used() ? "used" : "not used",
                        device.reason()));
        if (!accelerator.exists() && !Set.of("auto", "off").contains(settings.device())) {
            log.warn("phasor.device={} names no device that is here: the host computes", settings.device());
        }
        return accelerator;
    }

    @Bean
    DeviceMeters deviceMeters(Accelerator accelerator) {
        return new DeviceMeters(accelerator);
    }

    /** The chosen phase kernel and device, and this processor's fastest kernels for the rest. */
    @Bean
    Kernels kernels(KernelChoice choice, Accelerator accelerator) {
        Kernels kernels = Kernels.with(choice.kernel()).beside(accelerator);
        log.info("transform: {}", kernels.transform().detail());
        return kernels;
    }

    @Bean
    MemoryBudget memoryBudget(Limits limits, ConnectionLimits connection, ClientLimits client) {
        return MemoryBudget.ofHeap(limits.memoryShare(), connection.memoryShare(), client.memoryShare());
    }

    @Bean
    ComputePool computePool(ComputeSettings settings, ClientLimits client) {
        return new ComputePool(settings, client);
    }

    @Bean
    Spools spools(StreamLimits streams, ClientLimits client) {
        return new Spools(streams, client);
    }

    @Bean
    Decoder decoder(DecoderSettings settings, ClientLimits client, Spools spools) {
        return new Decoder(settings, client, spools);
    }

    @Bean
    Warmup warmup(Rehearsal rehearsal, List<LiveRehearsal> live, ApiKeys keys, WarmupSettings settings, OwnPort port) {
        return new Warmup(rehearsal, new PortRehearsal(port), live, keys, settings.warmup());
    }

    @Bean
    Operations operations(
            Limits limits, Kernels kernels, Observer observer, ComputePool pool, ComputeSettings compute) {
        return new Operations(limits, kernels, observer, pool, compute);
    }
}
