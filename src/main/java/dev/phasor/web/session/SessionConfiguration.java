package dev.phasor.web.session;

import dev.phasor.compute.ComputePool;
import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.LiveOperations;
import dev.phasor.operation.Maxima;
import dev.phasor.reconstruction.Kernels;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the room of live sessions. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LiveSettings.class)
class SessionConfiguration {

    @Bean
    LiveRoom liveRoom(
            LiveSettings settings,
            Limits limits,
            Kernels kernels,
            MemoryBudget budget,
            ComputeSettings compute,
            ComputePool pool,
            MeterRegistry registry) {
        return new LiveRoom(
                settings,
                new LiveOperations(limits, kernels, settings.frameWork()),
                new Maxima(limits, compute),
                budget.part(settings.memoryShare(), "live sessions", "phasor.live.memory-share"),
                new LiveMeters(registry),
                pool,
                compute.timeout());
    }

    @Bean
    MeterBinder liveSessionsOpen(LiveRoom room) {
        return registry -> Gauge.builder("phasor.live.sessions", room, LiveRoom::count)
                .description("Live sessions that are open")
                .register(registry);
    }
}
