package dev.phasor.web;

import static dev.phasor.Bytes.join;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.codec.NpyBytes;
import dev.phasor.compute.ComputePool;
import dev.phasor.compute.Lane;
import dev.phasor.web.RawAnswers.Raw;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/**
 * Requests that a client sends before it has the answers to those before. The first waits for another client's, so that
 * it is asked some times whether its client is gone, while the rest of them stand in the server's buffers.
 */
@TestPropertySource(
        properties = {
            "phasor.limits.max-iterations=1000000000",
            "phasor.compute.threads=2",
            "phasor.compute.small-work=0"
        })
class PipelineTest extends ServiceTest {

    /** What the first body is full of; as floats they are small magnitudes. */
    private static final String NEVER_SENT = "GET /v1/backends HTTP/1.1\r\nHost: a\r\nX-Request-Id: smuggled\r\n\r\n";

    private static final int BINS = 9;

    @Autowired
    private ComputePool pool;

    static Stream<Arguments> requests() {
        int[] frames = {5, 20, 220, 4000, 5, 20, 220, 4000, 5, 20, 220, 4000, 20};
        int[] early = {-1, -1, -1, -1, 0, 0, 0, 0, 1, 17, 70, 130, 300};
        return IntStream.range(0, frames.length)
                .boxed()
                .flatMap(i -> Stream.of(false, true).map(chunked -> Arguments.of(frames[i], chunked, early[i])));
    }

    /**
     * @param frames so that the first body is 180 bytes to 144 kB long: the server's buffers have 8 KB
     * @param early bytes of the rest that are sent with the first; -1 is all of them
     */
    @ParameterizedTest
    @MethodSource("requests")
    void everyAnswerIsRightAndInOrder(int frames, boolean chunked, int early) throws IOException {
        byte[] rest = join(
                get("/v1/algorithms", "second", ""),
                phase(20, "third"),
                phase(4000, "fourth"),
                get("/v1/nothing", "fifth", "Connection: close\r\n"));
        int cut = early < 0 ? rest.length : early;
        try (Socket other = connect(port, endless());
                Socket client = connect(port)) {
            await().until(() -> lane().running() == 1);
            OutputStream out = client.getOutputStream();
            out.write(join(first(frames, chunked), Arrays.copyOf(rest, cut)));
            await().until(() -> lane().queued() == 1);
            out.write(rest, cut, rest.length - cut);
            seeOthersLeave();
            other.close();

            List<Raw> answers = RawAnswers.readAll(client.getInputStream());

            assertThat(answers).extracting(Raw::id).containsExactly("first", "second", "third", "fourth", "fifth");
            assertThat(answers).extracting(Raw::status).containsExactly(200, 200, 200, 200, 404);
            assertThat(answers.get(2).body()).hasSize(128 + 4 * BINS * 20);
            assertThat(answers.get(3).body()).hasSize(128 + 4 * BINS * 4000);
        }
    }

    /** That others who wait left is seen when they are looked at, so the first is looked at some times meanwhile. */
    private void seeOthersLeave() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (Socket leaver = connect(port, endless())) {
                await().until(() -> lane().queued() == 2);
            }
            await().until(() -> lane().queued() == 1);
        }
    }

    private Lane lane() {
        return pool.lanes().get(1);
    }

    private static byte[] endless() {
        return request("/v1/reconstruct?n_iter=1000000000&algorithm=griffinlim", 20, "other");
    }

    /** To the end of the body, and nothing of it twice. */
    private static byte[] first(int frames, boolean chunked) {
        String path = "/v1/reconstruct?n_iter=3&algorithm=griffinlim&sample_rate=8000";
        if (!chunked) {
            return request(path, frames, "first");
        }
        byte[] body = npy("<f4", frames);
        String size = Integer.toHexString(body.length);
        return join(
                head(path, "first", "Transfer-Encoding: chunked"),
                (size + "\r\n").getBytes(ISO_8859_1),
                body,
                "\r\n0\r\n\r\n".getBytes(ISO_8859_1));
    }

    private static byte[] phase(int frames, String id) {
        byte[] body = npy("<c8", frames);
        return join(head("/v1/phase", id, "Content-Length: " + body.length), body);
    }

    private static byte[] request(String path, int frames, String id) {
        byte[] body = npy("<f4", frames);
        return join(head(path, id, "Content-Length: " + body.length), body);
    }

    private static byte[] head(String path, String id, String length) {
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: " + id
                        + "\r\nContent-Type: application/x-npy\r\n" + length + "\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    private static byte[] get(String path, String id, String headers) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: " + id + "\r\n" + headers + "\r\n")
                .getBytes(ISO_8859_1);
    }

    private static byte[] npy(String type, int frames) {
        int bytes = (type.equals("<c8") ? 8 : 4) * BINS * frames;
        String text = NEVER_SENT.repeat(bytes / NEVER_SENT.length() + 1).substring(0, bytes);
        return NpyBytes.of(type, "(" + BINS + ", " + frames + ")", text.getBytes(ISO_8859_1));
    }
}
