package dev.phasor.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Bytes;
import dev.phasor.codec.NpyBytes;
import dev.phasor.compute.ComputePool;
import dev.phasor.reconstruction.Algorithm;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Requests that would run for hours, and end since nobody waits for them, or since their time is up. */
@TestPropertySource(properties = {"phasor.limits.max-iterations=1000000000", "phasor.compute.threads=2"})
class AbandonedTest extends ServiceTest {

    /** 257 bins, 100 frames of magnitudes. */
    private static final byte[] MAGNITUDE = NpyBytes.of("<f4", "(257, 100)", ones(257 * 100));

    private static byte[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return Bytes.floats(ones);
    }

    private static final byte[] NEXT =
            "GET /v1/algorithms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1);

    @Autowired
    private ComputePool pool;

    @ParameterizedTest
    @MethodSource("dev.phasor.AlgorithmKinds#iterative")
    void theWorkEndsWhenItsClientGoesAway(Algorithm algorithm) throws IOException {
        try (Socket client = send(algorithm.wireName())) {
            await().until(() -> running() == 1);
        }
        await().until(() -> running() == 0);
    }

    @Test
    void alsoWhereTheBodyCameInChunks() throws IOException {
        byte[] body = Bytes.join(
                (Integer.toHexString(MAGNITUDE.length) + "\r\n").getBytes(ISO_8859_1),
                MAGNITUDE,
                "\r\n0\r\n\r\n".getBytes(ISO_8859_1));
        try (Socket client = send("griffinlim", "Transfer-Encoding: chunked", body)) {
            await().until(() -> running() == 1);
        }
        await().until(() -> running() == 0);
    }

    @Test
    void whatWaitsGivesUpItsPlace() throws IOException {
        try (Socket first = send("griffinlim")) {
            await().until(() -> running() == 1);
            try (Socket second = send("griffinlim")) {
                await().until(() -> queued() == 1);
            }
            await().until(() -> queued() == 0);
            assertThat(running()).isEqualTo(1);
        }
        await().until(() -> running() == 0);
    }

    @Test
    void whoClosedTheSendingHalfOnlyIsTold() throws IOException {
        try (Socket client = send("griffinlim")) {
            client.shutdownOutput();
            assertThat(new String(client.getInputStream().readAllBytes(), ISO_8859_1))
                    .containsSubsequence("HTTP/1.1 400", "\"code\":\"client_closed\"");
        }
    }

    /** A client that sends its next request before it has the answer is there. */
    @Test
    void aNextRequestAlreadySentIsNotTheEnd() throws IOException {
        try (Socket client = send("griffinlim&timeout=1")) {
            client.getOutputStream().write(NEXT);
            String answers = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answers).containsSubsequence("HTTP/1.1 503", "\"code\":\"timeout\"");
        }
    }

    /** It stands in the server's buffer then, where it must not look like the connection's end. */
    @Test
    void aNextRequestSentWhileTheFirstIsComputedIsNotTheEnd() throws IOException {
        try (Socket client = send("griffinlim&timeout=1")) {
            await().until(() -> running() == 1);
            client.getOutputStream().write(NEXT);
            String answers = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answers)
                    .containsSubsequence("HTTP/1.1 503", "\"code\":\"timeout\"")
                    .doesNotContain("client_closed");
        }
    }

    @Test
    void itsTimeIsUp() {
        HttpResponse<byte[]> response =
                post("/v1/reconstruct?n_iter=1000000000&algorithm=griffinlim&timeout=0.2", NPY, MAGNITUDE);

        assertProblem(response, 503, "timeout");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();

        assertThat(json(response).get("detail").asString()).contains("0.2 seconds");
        await().until(() -> running() == 0);
    }

    private int running() {
        return pool.lanes().get(1).running();
    }

    private int queued() {
        return pool.lanes().get(1).queued();
    }

    private Socket send(String algorithm) throws IOException {
        return send(algorithm, "Content-Length: " + MAGNITUDE.length, MAGNITUDE);
    }

    private Socket send(String algorithm, String length, byte[] body) throws IOException {
        String head = "POST /v1/reconstruct?response_format=npy&n_iter=1000000000&algorithm=" + algorithm
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npy\r\n" + length + "\r\n\r\n";
        return connect(port, head.getBytes(ISO_8859_1), body);
    }
}
