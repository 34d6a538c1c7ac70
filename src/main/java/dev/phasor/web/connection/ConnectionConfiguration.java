package dev.phasor.web.connection;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.apache.coyote.ContinueResponseTiming;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Wires the parts that every connection passes. */
@Configuration(proxyBeanMethods = false)
@Import(Connections.class)
class ConnectionConfiguration {

    @Bean
    OwnPort ownPort(ServerProperties server, Environment environment) {
        return new OwnPort(server.getAddress(), environment);
    }

    /** Running computations have two seconds to end and to be answered 503. */
    @Bean
    InFlight inFlight() {
        return new InFlight(Duration.ofSeconds(2));
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    Filter pacedAnswers(ConnectionLimits limits) {
        return (request, response, chain) ->
                chain.doFilter(request, new PacedAnswer((HttpServletResponse) response, Client.of(request), limits));
    }

    /** A client that sends {@code Expect: 100-continue} receives a refusal before it sends its body. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> expectations() {
        return factory -> factory.addConnectorCustomizers(connector -> connector.setProperty(
                "continueResponseTiming", ContinueResponseTiming.ON_REQUEST_BODY_READ.toString()));
    }
}
