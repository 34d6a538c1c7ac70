package dev.phasor.web.telemetry;

import dev.phasor.phase.KernelChoice;
import dev.phasor.web.access.ApiKeys;
import dev.phasor.web.guard.MemoryBudget;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The request log in the container, and the gauges. */
@Configuration(proxyBeanMethods = false)
class TelemetryConfiguration {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> requestLog(MeterRegistry registry) {
        return factory -> factory.addEngineValves(new RequestLog(new Traffic(registry)));
    }

    @Bean
    ComputeMeters computeMeters(MeterRegistry registry) {
        return new ComputeMeters(registry);
    }

    @Bean
    MeterBinder backend(KernelChoice choice) {
        return registry -> Gauge.builder("phasor.backend", () -> 1)
                .description("1: what computes the phase, and why")
                .tag("kernel", choice.kernel().name())
                .tag("reason", choice.reason())
                .register(registry);
    }

    @Bean
    MeterBinder memory(MemoryBudget budget) {
        return registry -> {
            Gauge.builder("phasor.memory.reserved", budget, MemoryBudget::reserved)
                    .description("Memory that requests being answered hold")
                    .baseUnit("bytes")
                    .register(registry);
            Gauge.builder("phasor.memory.capacity", budget, MemoryBudget::capacity)
                    .description("Memory that requests may hold together")
                    .baseUnit("bytes")
                    .register(registry);
        };
    }

    @Bean
    MeterBinder quotas(ApiKeys keys) {
        return registry -> keys.all()
                .forEach(key -> Gauge.builder("phasor.quota.left", key, each -> each.bytesLeft())
                        .description("What is left of a key's bytes today")
                        .baseUnit("bytes")
                        .tag("key", key.getName())
                        .register(registry));
    }
}
