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

/** Twenty connections of the gRPC port, of which one address may hold half of those that the others leave. */
@TestPropertySource(properties = {"phasor.connection.most=20", "phasor.client.request-share=50"})
class GrpcConnectionShareTest extends GrpcServiceTest {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] NO_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

    @Test
    void anAddressDoesNotHoldAllConnections() throws IOException {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                held.add(from("127.0.0.9"));
            }
            long answered = held.stream().filter(this::isAnswered).count();
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
        socket.connect(new InetSocketAddress("127.0.0.1", grpcPort()));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private boolean isAnswered(Socket socket) {
        try {
            socket.getOutputStream().write(PREFACE);
            socket.getOutputStream().write(NO_SETTINGS);
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false; // reset
        }
    }
}
