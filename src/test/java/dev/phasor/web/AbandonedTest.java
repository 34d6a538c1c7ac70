package dev.phasor.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.compute.ComputePool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/** Requests that would run for hours, and end since nobody waits for them, or since their time is up. */
@TestPropertySource(properties = {"phasor.limits.max-iterations=1000000000", "phasor.compute.threads=2"})
class AbandonedTest extends ServiceTest {

    /** 257 bins, 100 frames of magnitudes. */
    private static final byte[] MAGNITUDE = ones(257, 100);

    @LocalServerPort
    private int port;

    @Autowired
    private ComputePool pool;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "griffinlim",
                "fast_griffinlim",
                "agla",
                "admm",
                "raar",
                "difference_map",
                "hybrid",
                "rtisi_la",
                "gsrtisi_la"
            })
    void theWorkEndsWhenItsClientGoesAway(String algorithm) throws IOException {
        try (Socket client = new Socket("127.0.0.1", port)) {
            send(client, algorithm, "Content-Length: " + MAGNITUDE.length, MAGNITUDE);
            await().until(() -> running() == 1);
        }
        await().until(() -> running() == 0);
    }

    @Test
    void alsoWhereTheBodyCameInChunks() throws IOException {
        var body = new ByteArrayOutputStream();
        body.writeBytes((Integer.toHexString(MAGNITUDE.length) + "\r\n").getBytes(ISO_8859_1));
        body.writeBytes(MAGNITUDE);
        body.writeBytes("\r\n0\r\n\r\n".getBytes(ISO_8859_1));
        try (Socket client = new Socket("127.0.0.1", port)) {
            send(client, "griffinlim", "Transfer-Encoding: chunked", body.toByteArray());
            await().until(() -> running() == 1);
        }
        await().until(() -> running() == 0);
    }

    @Test
    void whatWaitsGivesUpItsPlace() throws IOException {
        try (Socket first = new Socket("127.0.0.1", port)) {
            send(first, "griffinlim", "Content-Length: " + MAGNITUDE.length, MAGNITUDE);
            await().until(() -> running() == 1);
            try (Socket second = new Socket("127.0.0.1", port)) {
                send(second, "griffinlim", "Content-Length: " + MAGNITUDE.length, MAGNITUDE);
                await().until(() -> queued() == 1);
            }
            await().until(() -> queued() == 0);
            assertThat(running()).isEqualTo(1);
        }
        await().until(() -> running() == 0);
    }

    @Test
    void whoClosedTheSendingHalfOnlyIsTold() throws IOException {
        try (Socket client = new Socket("127.0.0.1", port)) {
            send(client, "griffinlim", "Content-Length: " + MAGNITUDE.length, MAGNITUDE);
            client.shutdownOutput();
            assertThat(new String(client.getInputStream().readAllBytes(), ISO_8859_1))
                    .containsSubsequence("HTTP/1.1 400", "\"code\":\"client_closed\"");
        }
    }

    /** A client that sends its next request before it has the answer is there. */
    @Test
    void aNextRequestAlreadySentIsNotTheEnd() throws IOException {
        try (Socket client = new Socket("127.0.0.1", port)) {
            send(client, "griffinlim&timeout=1", "Content-Length: " + MAGNITUDE.length, MAGNITUDE);
            client.getOutputStream()
                    .write("GET /v1/algorithms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(ISO_8859_1));
            String answers = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answers).containsSubsequence("HTTP/1.1 503", "\"code\":\"timeout\"");
        }
    }

    /** It stands in the server's buffer then, where it must not look like the connection's end. */
    @Test
    void aNextRequestSentWhileTheFirstIsComputedIsNotTheEnd() throws IOException {
        try (Socket client = new Socket("127.0.0.1", port)) {
            send(client, "griffinlim&timeout=1", "Content-Length: " + MAGNITUDE.length, MAGNITUDE);
            await().until(() -> running() == 1);
            client.getOutputStream()
                    .write("GET /v1/algorithms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(ISO_8859_1));
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

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(json(response).get("code").asString()).isEqualTo("timeout");
        assertThat(json(response).get("detail").asString()).contains("0.2 seconds");
        await().until(() -> running() == 0);
    }

    private int running() {
        return pool.lanes().get(1).running();
    }

    private int queued() {
        return pool.lanes().get(1).queued();
    }

    private static void send(Socket client, String algorithm, String length, byte[] body) throws IOException {
        String head = "POST /v1/reconstruct?response_format=npy&n_iter=1000000000&algorithm=" + algorithm
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npy\r\n" + length + "\r\n\r\n";
        client.getOutputStream().write(head.getBytes(ISO_8859_1));
        client.getOutputStream().write(body);
    }

    private static byte[] ones(int bins, int frames) {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + bins + ", " + frames + "), }";
        header = header + " ".repeat(117 - header.length()) + "\n";
        var file = new ByteArrayOutputStream();
        file.writeBytes(("\u0093NUMPY\u0001\u0000v\u0000" + header).getBytes(ISO_8859_1));
        for (int i = 0; i < bins * frames; i++) {
            file.writeBytes(new byte[] {0, 0, (byte) 0x80, 0x3f});
        }
        return file.toByteArray();
    }
}
