package dev.phasor.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import dev.phasor.codec.WavBytes;
import dev.phasor.compute.ComputePool;
import dev.phasor.compute.MemoryBudget;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/** A body holds a thread while it comes: one that drips, or stops, is given up, whoever would have read it. */
@TestPropertySource(
        properties = {
            "phasor.limits.body-wait=1",
            "server.tomcat.connection-timeout=2s",
            "phasor.security.keys.ali=d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7"
        })
class SlowBodyTest extends ServiceTest {

    private static final String KEY = "X-API-Key: open-sesame\r\n";

    @Autowired
    private ComputePool pool;

    @Autowired
    private MemoryBudget budget;

    @ParameterizedTest
    @CsvSource({
        "/v1/phase, true, 408, slow_body",
        "/v1/reconstruct, true, 408, slow_body",
        "/v2/models/phase/infer, true, 400, must be a JSON object",
        "/v1/nothing, true, 404, not_found",
        "/v1/phase, false, 401, unauthorized"
    })
    void aBodyThatDripsIsGivenUp(String path, boolean withKey, int status, String reason) throws IOException {
        try (Socket socket = open(path, withKey ? KEY : "")) {
            await().atMost(Duration.ofSeconds(60)).until(() -> isClosedAfterAByteMore(socket));

            assertThat(answer(socket)).startsWith("HTTP/1.1 " + status + " ").contains(reason);
        }
    }

    /**
     * What came at once is nothing to rest on; of a body without an end in its head a file flows, and gives up its
     * place.
     */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/phase", "/v1/reconstruct"})
    void aBodyThatComesQuicklyAndThenDripsIsGivenUp(String path) throws IOException {
        byte[] endless = WavBytes.ofUnknownLength(new byte[200_000]);
        try (Socket socket = open(path, KEY, endless)) {
            await().until(() -> path.equals("/v1/phase") || pool.streams().running() == 1);
            await().atMost(Duration.ofSeconds(60)).until(() -> isClosedAfterAByteMore(socket));

            assertThat(answer(socket)).startsWith("HTTP/1.1 408 ").contains("slow_body");
        }
        await().until(() -> pool.streams().running() == 0 && budget.reserved() == 0);
    }

    @Test
    void aBodyThatStopsIsGivenUp() throws IOException {
        try (Socket socket = open("/v1/phase", KEY)) {
            assertThat(answer(socket)).startsWith("HTTP/1.1 408 ").contains("slow_body");
        }
    }

    /** Its answer is complete before the body is waited for. */
    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void theLogHasTheAnswersStatusWhereTheBodyNeverComes(CapturedOutput output) throws IOException {
        String head = "GET /v1/algorithms HTTP/1.1\r\nHost: localhost\r\n" + KEY + "Content-Length: 5\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
        }
        await().until(() -> output.getOut().contains("GET /v1/algorithms "));
        assertThat(output.getOut()).contains("GET /v1/algorithms 200 ");
    }

    private Socket open(String path, String headers) throws IOException {
        return open(path, headers, Arrays.copyOf(bytes(Recordings.speech()), 100));
    }

    private Socket open(String path, String headers, byte[] begin) throws IOException {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers
                + "Content-Type: audio/wav\r\nContent-Length: 2000000\r\n\r\n";
        return connect(port, head.getBytes(ISO_8859_1), begin);
    }

    /** The end of the answer is the end of the connection. */
    private static boolean isClosedAfterAByteMore(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write('x');
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static String answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                answer.append((char) b);
            }
        } catch (IOException e) {
            // A reset, after the answer: a byte was on its way.
        }
        return answer.toString();
    }
}
