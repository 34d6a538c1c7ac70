package dev.phasor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.phasor.WarmupRequests.Request;
import dev.phasor.operation.Endpoint;
import dev.phasor.web.connection.OwnPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class PortRehearsalTest {

    private static final Request REQUEST =
            new Request(Endpoint.PHASE_VJP, "application/x-npy", new byte[] {1, 2, 3}, Map.of("floor", "0"));

    /** What the server saw, and what it answers. */
    private final List<String> heads = new ArrayList<>();

    private final List<byte[]> bodies = new ArrayList<>();
    private final Set<InetSocketAddress> clients = new HashSet<>();
    private int status = 200;
    private HttpServer server;
    private PortRehearsal port;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        MockEnvironment environment = new MockEnvironment()
                .withProperty("local.server.port", "" + server.getAddress().getPort());
        port = new PortRehearsal(new OwnPort(null, environment));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        heads.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        bodies.add(exchange.getRequestBody().readAllBytes());
        clients.add(exchange.getRemoteAddress());
        exchange.sendResponseHeaders(status, 2);
        exchange.getResponseBody().write(new byte[2]);
        exchange.close();
    }

    @Test
    void postsOverOneConnection() throws Exception {
        port.post("secret", REQUEST, 3, Duration.ofMinutes(1));
        assertThat(heads).hasSize(3).containsOnly("POST /v1/phase/vjp?floor=0 application/x-npy Bearer secret");
        assertThat(bodies).allSatisfy(body -> assertThat(body).containsExactly(1, 2, 3));
        assertThat(clients).hasSize(1);
    }

    @Test
    void isEndedByARefusal() {
        status = 429;
        assertThatThrownBy(() -> port.post("secret", REQUEST, 3, Duration.ofMinutes(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("429");
        assertThat(heads).hasSize(1);
    }

    @Test
    void isEndedByItsTime() {
        assertThatThrownBy(() -> port.post("secret", REQUEST, 3, Duration.ZERO)).isInstanceOf(TimeoutException.class);
        assertThat(heads).isEmpty();
    }
}
