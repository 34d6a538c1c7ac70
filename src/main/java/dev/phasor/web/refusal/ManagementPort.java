package dev.phasor.web.refusal;

import dev.phasor.web.connection.Connections;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Configures the management port (health and metrics), whose context finds this class in META-INF/spring. Its requests
 * have no body, so the port waits for none.
 */
@Import({Refusals.class, Connections.class})
class ManagementPort {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> bodiless(ProblemWriter problems) {
        return factory -> {
            factory.addContextValves(new BodilessValve(problems));
            factory.addConnectorCustomizers(connector -> connector.setProperty("maxSwallowSize", "0"));
        };
    }
}
