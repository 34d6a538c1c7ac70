package dev.phasor.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/**
 * Health answers within a second, whoever drips: the container has 200 threads on each port, and here are 300
 * connections.
 */
@TestPropertySource(properties = "phasor.connection.head-wait=3")
class ManagementPortTest extends ServiceTest {

    private static final int CONNECTIONS = 300;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /actuator/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nx",
                "GET /actuator/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
                "POST /actuator/health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nx",
                "GET /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99000000\r\n\r\nx",
                "GET /actuator/health HTTP/1.1\r\nHost: localhost\r\nX: "
            })
    void healthAnswersBesideConnectionsThatDrip(String begin) throws Exception {
        List<Socket> dripping = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                dripping.add(connect(managementPort, begin.getBytes(ISO_8859_1)));
            }
            if (!begin.endsWith("\n")) {
                dripping.forEach(ManagementPortTest::isClosedAfterAByteMore);
            }

            await().until(this::isHealthyWithinASecond);
        } finally {
            for (Socket socket : dripping) {
                socket.close();
            }
        }
    }

    @Test
    void aBodyIsRefusedBeforeItIsRead() throws IOException {
        try (Socket socket = connect(
                managementPort,
                "GET /actuator/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n".getBytes(ISO_8859_1))) {
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 413 ")
                    .contains(
                            "Connection: close", "\"code\":\"too_large\"", "a request to this port must have no body");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHeadThatDripsIsGivenUp(boolean management) throws IOException {
        byte[] begin = "GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ".getBytes(ISO_8859_1);
        try (Socket socket = connect(management ? managementPort : port, begin)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> isClosedAfterAByteMore(socket));
        }
    }

    private boolean isHealthyWithinASecond() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(managementPort, "/actuator/health"))
                .timeout(Duration.ofSeconds(1))
                .build();
        try {
            return HttpClient.newHttpClient()
                            .send(request, BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (HttpTimeoutException e) {
            return false;
        }
    }

    private static boolean isClosedAfterAByteMore(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
