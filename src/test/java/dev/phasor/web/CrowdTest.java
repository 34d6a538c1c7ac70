package dev.phasor.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** One address, four of whose requests wait for their bodies on a port of eight threads, of which it may hold half. */
@TestPropertySource(properties = {"server.tomcat.threads.max=8", "phasor.client.request-share=50"})
class CrowdTest extends ServiceTest {

    /** The second is refused at once, and holds its thread until its body has come all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/phase", "/v1/nowhere"})
    void anAddressDoesNotHoldAllThreads(String path) throws IOException {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/wav\r\n"
                + "Content-Length: 1000\r\n\r\n";
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                waiting.add(connect(port, head.getBytes(US_ASCII)));
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> post("/v1/phase", Recordings.speech()).statusCode() == 503);
            HttpResponse<byte[]> refused = post("/v1/phase", Recordings.speech());
            assertThat(json(refused).get("code").asString()).isEqualTo("busy");
            assertThat(json(refused).get("detail").asString()).contains("phasor.client.request-share");
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
        await().atMost(Duration.ofMinutes(1))
                .until(() -> post("/v1/phase", Recordings.speech()).statusCode() == 200);
    }
}
