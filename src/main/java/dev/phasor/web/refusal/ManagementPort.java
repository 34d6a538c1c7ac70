package dev.phasor.web.refusal;

import dev.phasor.web.connection.Connections;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * The port of health and metrics, whose context finds this in META-INF/spring. Nothing there wants a body, so none is
 * waited for.
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
