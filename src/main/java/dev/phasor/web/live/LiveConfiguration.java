package dev.phasor.web.live;

import dev.phasor.web.connection.OwnPort;
import dev.phasor.web.session.LiveRehearsal;
import dev.phasor.web.session.LiveRoom;
import dev.phasor.web.session.LiveSettings;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.server.standard.ServletServerContainerFactoryBean;
import tools.jackson.databind.ObjectMapper;

/** Wires {@code /v1/live}. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class LiveConfiguration {

    @Bean
    LiveHandler liveHandler(LiveRoom room, ObjectMapper mapper, LiveSettings settings) {
        return new LiveHandler(room, mapper, settings);
    }

    @Bean
    LiveRehearsal socketRehearsal(OwnPort port, ObjectMapper mapper) {
        return new SocketRehearsal(port, mapper);
    }

    /** Pages of other origins are refused but for those that the settings allow. */
    @Bean
    WebSocketConfigurer live(
            LiveHandler handler, @Value("${phasor.security.allowed-origins:}") List<String> allowedOrigins) {
        return registry -> registry.addHandler(handler, "/v1/live")
                .addInterceptors(handler)
                .setAllowedOrigins(allowedOrigins.toArray(String[]::new));
    }

    @Bean
    FilterRegistrationBean<UncompressedFilter> uncompressed() {
        FilterRegistrationBean<UncompressedFilter> filter = new FilterRegistrationBean<>(new UncompressedFilter());
        filter.addUrlPatterns("/v1/live");
        return filter;
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
}
