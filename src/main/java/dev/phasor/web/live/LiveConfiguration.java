package dev.phasor.web.live;

import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.LiveOperations;
import dev.phasor.operation.Maxima;
import dev.phasor.reconstruction.Kernels;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.server.standard.ServletServerContainerFactoryBean;
import tools.jackson.databind.ObjectMapper;

/** Wires {@code /v1/live}. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
@EnableConfigurationProperties(LiveSettings.class)
class LiveConfiguration {

    @Bean
    LiveSessions liveSessions(LiveSettings settings, ComputeSettings compute) {
        return new LiveSessions(settings, compute.timeout());
    }

    @Bean
    LiveHandler liveHandler(
            LiveSessions sessions,
            Limits limits,
            Kernels kernels,
            MemoryBudget budget,
            ComputeSettings compute,
            ObjectMapper mapper,
            MeterRegistry registry,
            LiveSettings settings) {
        return new LiveHandler(
                sessions,
                new LiveOperations(limits, kernels, settings.frameWork()),
                budget.part(settings.memoryShare(), "live sessions", "phasor.live.memory-share"),
                new Maxima(limits, compute),
                mapper,
                new LiveMeters(registry),
                settings);
    }

    /** Pages of other origins are refused but for those that the settings allow. */
    @Bean
    WebSocketConfigurer live(
            LiveHandler handler, @Value("${phasor.security.allowed-origins:}") List<String> allowedOrigins) {
        return registry -> registry.addHandler(handler, "/v1/live")
                .addInterceptors(handler)
                .setAllowedOrigins(allowedOrigins.toArray(String[]::new));
    }

    /** The container has a buffer of this size for each direction of each connection. */
    @Bean
    ServletServerContainerFactoryBean webSocketContainer(LiveSettings settings) {
        ServletServerContainerFactoryBean container = new ServletServerContainerFactoryBean();
        container.setMaxBinaryMessageBufferSize(settings.bufferBytes());
        container.setMaxTextMessageBufferSize(1 << 14);
        container.setMaxSessionIdleTimeout(0L);
        return container;
    }

    @Bean
    MeterBinder liveSessionsOpen(LiveSessions sessions) {
        return registry -> Gauge.builder("phasor.live.sessions", sessions, LiveSessions::count)
                .description("Live sessions that are open")
                .register(registry);
    }
}
