package dev.phasor.web.connection;

import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.Limits;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * Configures the connections of a port. The service's port and the management port each import it into their own
 * context.
 */
public class Connections {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> clients(
            Limits limits, InFlight inFlight, ClientLimits client) {
        return factory -> factory.addEngineValves(new ClientValve(limits, inFlight, client.requestShare()));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> connections(
            ConnectionLimits limits, ClientLimits client) {
        return factory -> {
            factory.setProtocol(AttentiveProtocol.class.getName());
            factory.addConnectorCustomizers(connector -> {
                connector.setProperty(
                        "socket.txBufSize",
                        String.valueOf(
                                Math.min(Integer.MAX_VALUE, limits.sendBuffer().toBytes())));
                if (connector.getProtocolHandler() instanceof AttentiveProtocol protocol) {
                    protocol.limit(limits, client.requestShare());
                }
            });
        };
    }
}
