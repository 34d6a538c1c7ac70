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

    /**
     * Bytes that go to the system at once, which each connection holds outside the heap. With the server's own 8 KB
     * inside it an answer of 21 MB takes 38 ms instead of 22.
     */
    private static final int WRITE_BYTES = 1 << 16;

    /**
     * Bytes that come from the system at once, held as {@link #WRITE_BYTES} are. With 16 KB 21 MB take 18 ms, not 12.
     */
    private static final int READ_BYTES = 1 << 16;

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
                connector.setProperty("socket.appWriteBufSize", String.valueOf(WRITE_BYTES));
                connector.setProperty("socket.appReadBufSize", String.valueOf(READ_BYTES));
                connector.setProperty("socket.directBuffer", "true");
                if (connector.getProtocolHandler() instanceof AttentiveProtocol protocol) {
                    protocol.limit(limits, client.requestShare());
                }
            });
        };
    }
}
