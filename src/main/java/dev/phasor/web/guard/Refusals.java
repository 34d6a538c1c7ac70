package dev.phasor.web.guard;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** What a port is guarded by: the service's own, and that of the metrics, whose context finds it through {@link ManagementPort}. */
class Refusals {

    /** It stands behind Spring Boot's, so that it is the first to report. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> refusals(ProblemWriter problems) {
        return factory -> factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new RefusalValve(problems)));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> clients(Limits limits, InFlight inFlight) {
        return factory -> factory.addEngineValves(new ClientValve(limits, inFlight));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> connections(ConnectionLimits limits) {
        return factory -> {
            factory.setProtocol(AttentiveProtocol.class.getName());
            factory.addConnectorCustomizers(connector -> {
                connector.setProperty(
                        "socket.txBufSize",
                        String.valueOf(
                                Math.min(Integer.MAX_VALUE, limits.sendBuffer().toBytes())));
                if (connector.getProtocolHandler() instanceof AttentiveProtocol protocol) {
                    protocol.limit(limits);
                }
            });
        };
    }
}
