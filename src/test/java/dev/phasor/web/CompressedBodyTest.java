package dev.phasor.web;

import static dev.phasor.Bytes.deflate;
import static dev.phasor.Bytes.gzip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Bytes;
import dev.phasor.Recordings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** Compressed bodies at both faces. */
@TestPropertySource(properties = "phasor.limits.max-upload=2MB")
class CompressedBodyTest extends ServiceTest {

    private static final String V1 = "/v1/phase?response_format=json&n_fft=2";
    private static final String V2 = "/v2/models/phase/infer";
    private static final String OF_V1 = "{\"audio\": [0, 1, 0, -1]}";
    private static final String OF_V2 =
            "{\"inputs\": [{\"name\": \"spectrogram\", \"shape\": [1, 2, 1, 1], \"datatype\": \"FP32\", \"data\": [1, 1]}]}";

    /** The second member comes when the first has long been read. */
    @ParameterizedTest
    @ValueSource(strings = {V1, V2})
    void aMemberThatComesLaterIsPartOfTheBody(String path) throws IOException {
        byte[] whole = body(path);
        int middle = whole.length / 2;
        byte[] first = gzip(Arrays.copyOf(whole, middle));
        byte[] second = gzip(Arrays.copyOfRange(whole, middle, whole.length));
        byte[] head = ("POST " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Encoding: gzip\r\n"
                        + "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
                        + (first.length + second.length) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = connect(port, head)) {
            OutputStream out = socket.getOutputStream();
            // Who hears this reads now.
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 100");
            out.write(first);
            for (byte each : second) {
                out.write(each);
                out.flush();
            }
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {V1, V2})
    void deflateIsRead(String path) throws IOException {
        assertThat(post(path, JSON, deflate(body(path)), "Content-Encoding", "deflate")
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({V1 + ",0", V1 + ",1", V1 + ",8", V2 + ",0", V2 + ",1", V2 + ",8"})
    void whatIsCutOrFollowedIsRefused(String path, int missing) throws IOException {
        byte[] zipped = gzip(body(path));
        byte[] wrong = missing == 0
                ? Arrays.copyOf(zipped, zipped.length + 1)
                : Arrays.copyOf(zipped, zipped.length - missing);

        HttpResponse<byte[]> response = post(path, JSON, wrong, "Content-Encoding", "gzip");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(text(response)).contains("the request body cannot be read to its end");
    }

    /** A sound file says where it ends, before the checksum. */
    @Test
    void aChecksumBehindTheEndOfAFileIsLookedAt() throws IOException {
        byte[] zipped = gzip(bytes(Recordings.speech()));
        zipped[zipped.length - 5] ^= 1;

        HttpResponse<byte[]> response = post("/v1/phase", WAV, zipped, "Content-Encoding", "gzip");

        assertProblem(response, 400, "malformed_body");
    }

    @ParameterizedTest
    @ValueSource(strings = {V1, V2})
    void aHundredThousandEmptyMembersAreAnEmptyBody(String path) throws IOException {
        byte[] members = empties(100_000);

        assertThat(post(path, JSON, members, "Content-Encoding", "gzip").statusCode())
                .isEqualTo(400);
    }

    /** Chunked, so that no length says it beforehand. */
    @ParameterizedTest
    @ValueSource(strings = {V1, V2})
    void theBytesSentAreLimitedAsThoseDecoded(String path) throws IOException {
        byte[] members = empties((3 << 20) / gzip(new byte[0]).length);

        HttpResponse<byte[]> response = stream(path, JSON, members, "Content-Encoding", "gzip");

        assertThat(response.statusCode()).isEqualTo(413);
    }

    private static byte[] empties(int count) throws IOException {
        byte[][] members = new byte[count][];
        Arrays.fill(members, gzip(new byte[0]));
        return Bytes.join(members);
    }

    private static byte[] body(String path) {
        return (path.equals(V1) ? OF_V1 : OF_V2).getBytes(StandardCharsets.UTF_8);
    }
}
