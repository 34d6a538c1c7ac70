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

    /** A probe and a scrape at a time are usual; a thread that writes holds up to 220 KB that nobody reserves. */
    private static final int THREADS = 64;

    /** Parsed requests that are kept for the next ones, with the room that the longest heads took. */
    private static final int PROCESSORS = 8;

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> bodiless(ProblemWriter problems) {
        return factory -> {
            factory.addContextValves(new BodilessValve(problems));
            factory.addConnectorCustomizers(connector -> {
                connector.setProperty("maxSwallowSize", "0");
                connector.setProperty("maxThreads", String.valueOf(THREADS));
                connector.setProperty("processorCache", String.valueOf(PROCESSORS));
            });
        };
    }
}
