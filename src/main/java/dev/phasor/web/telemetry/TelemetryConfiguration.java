package dev.phasor.web.telemetry;

import static java.util.Objects.requireNonNull;

import dev.phasor.compute.ComputePool;
import dev.phasor.compute.Lane;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Streams;
import dev.phasor.decoder.Decoder;
import dev.phasor.phase.KernelChoice;
import dev.phasor.web.access.ApiKeys;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationPredicate;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/** Wires the request log and the meters. */
@Configuration(proxyBeanMethods = false)
class TelemetryConfiguration {

    private static final String STREAM = "stream";

    @Bean
    RequestLines requestLines(MeterRegistry registry) {
        return new RequestLines(new Traffic(registry));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> requestLog(RequestLines lines, ApiKeys keys) {
        return factory -> factory.addEngineValves(new RequestLog(lines, keys));
    }

    @Bean
    ObservationPredicate othersOnly() {
        return (name, context) -> !(context instanceof ServerRequestObservationContext request
                && requireNonNull(request.getCarrier()).getAttribute(RequestLog.OWN) != null);
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
    MeterBinder lanes(ComputePool pool, Decoder decoder) {
        return registry -> {
            for (Lane lane : lanesOf(pool, decoder)) {
                running(lane.name(), lane, Lane::running).register(registry);
                Gauge.builder("phasor.lane.queued", lane, Lane::queued)
                        .description("Requests that wait to be computed")
                        .tag("lane", lane.name())
                        .register(registry);
                rejected(lane.name(), lane, Lane::rejected).register(registry);
            }
            running(STREAM, pool.streams(), Streams::running).register(registry);
            rejected(STREAM, pool.streams(), Streams::rejected).register(registry);
        };
    }

    private static List<Lane> lanesOf(ComputePool pool, Decoder decoder) {
        return Stream.concat(pool.lanes().stream(), decoder.lanes().stream()).toList();
    }

    private static <T> Gauge.Builder<T> running(String lane, T source, ToDoubleFunction<T> count) {
        return Gauge.builder("phasor.lane.running", source, count)
                .description("Requests being computed")
                .tag("lane", lane);
    }

    private static <T> FunctionCounter.Builder<T> rejected(String lane, T source, ToDoubleFunction<T> count) {
        return FunctionCounter.builder("phasor.lane.rejected", source, count)
                .description("Requests refused since too many waited")
                .tag("lane", lane);
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
