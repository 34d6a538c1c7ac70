package dev.phasor.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Twenty connections, of which one address may hold half of those that the others leave. */
@TestPropertySource(properties = {"phasor.connection.most=20", "phasor.client.request-share=50"})
class ConnectionShareTest extends ServiceTest {

    private static final byte[] LIVE = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);

    @Test
    void anAddressDoesNotHoldAllConnections() throws IOException {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                held.add(from("127.0.0.9"));
            }
            int answered = 0;
            for (Socket socket : held) {
                answered += isAnswered(socket) ? 1 : 0;
            }
            assertThat(answered).isEqualTo(10);
            try (Socket another = from("127.0.0.10")) {
                assertThat(isAnswered(another)).isTrue();
            }
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            try (Socket again = from("127.0.0.9")) {
                return isAnswered(again);
            }
        });
    }

    private Socket from(String address) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static boolean isAnswered(Socket socket) {
        try {
            socket.getOutputStream().write(LIVE);
            return socket.getInputStream().read() == 'H';
        } catch (IOException e) {
            return false; // reset
        }
    }
}
