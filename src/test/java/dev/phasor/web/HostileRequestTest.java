package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.phasor.Bytes;
import dev.phasor.Recordings;
import dev.phasor.codec.WavBytes;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** What is wrong with the request around a file, sent byte by byte as no client library would. */
@TestPropertySource(properties = "phasor.limits.max-upload=2MB")
class HostileRequestTest extends ServiceTest {

    private static final byte[] SPEECH = bytes(Recordings.speech());
    private static final String FILE = part("form-data; name=\"file\"; filename=\"a.wav\"", latin1(SPEECH));

    private static final String FORM = "Content-Type: multipart/form-data; boundary=B";

    static Stream<Arguments> wrong() {
        String wav = "Content-Type: audio/wav";
        String speech = latin1(SPEECH);
        return Stream.of(
                arguments("a body cut short", "/v1/phase", wav, speech.substring(0, 9999), 400, "malformed_wav"),
                arguments(
                        "a Content-Length beyond the body",
                        "/v1/phase",
                        "Content-Type: application/json",
                        "{",
                        400,
                        ""),
                arguments("percent without digits", "/v1/phase?n_fft=%zz", wav, speech, 400, "bad_parameter"),
                arguments("a NUL in a number", "/v1/phase?n_fft=%00", wav, speech, 400, "bad_parameter"),
                arguments("a parameter twice", "/v1/phase?n_fft=512&n_fft=256", wav, speech, 400, "bad_parameter"),
                arguments("1500 parameters", "/v1/phase?" + many(1500, "p%d=1&"), wav, speech, 400, "bad_parameter"),
                arguments("12000 letters", "/v1/phase?window=" + "x".repeat(12000), wav, speech, 400, "bad_parameter"),
                arguments(
                        "brotli", "/v1/phase", wav + "\r\nContent-Encoding: br", speech, 415, "unsupported_media_type"),
                arguments(
                        "gzip that is none",
                        "/v1/phase",
                        wav + "\r\nContent-Encoding: gzip",
                        speech,
                        400,
                        "malformed_body"),
                arguments(
                        "a form in gzip",
                        "/v1/phase",
                        FORM + "\r\nContent-Encoding: gzip",
                        FILE + "--B--\r\n",
                        415,
                        "unsupported"),
                arguments(
                        "a form without a boundary",
                        "/v1/phase",
                        "Content-Type: multipart/form-data",
                        FILE,
                        400,
                        "multipart"),
                arguments("a form without an end", "/v1/phase", FORM, FILE, 400, "malformed_multipart"),
                form("a form without parts", "", 400, "bad_parameter"),
                form("two files", FILE + FILE, 400, "bad_parameter"),
                form("3000 parts", many(3000, part("form-data; name=\"n_fft\"", "512")), 413, "too_large"),
                form(
                        "3000 parts without a name",
                        FILE + many(3000, part("form-data; filename=\"a\"", "512")),
                        400,
                        "bad_parameter"),
                form(
                        "3000 parts in a part, without names",
                        FILE
                                + part(
                                        "form-data; name=\"file\"\r\nContent-Type: multipart/mixed; boundary=C",
                                        many(3000, "--C\r\nContent-Disposition: attachment\r\n\r\n1\r\n") + "--C--"),
                        413,
                        "too_large"),
                arguments(
                        "a query and a field that differ",
                        "/v1/phase?n_fft=512",
                        FORM,
                        FILE + part("form-data; name=\"n_fft\"", "256") + "--B--\r\n",
                        400,
                        "bad_parameter"),
                form(
                        "a part header of 60 KB",
                        part("form-data; name=\"file\"; filename=\"" + "x".repeat(60000) + "\"", speech),
                        413,
                        "too_large"),
                form(
                        "a field of 100 KB",
                        FILE + part("form-data; name=\"window\"", "x".repeat(100_000)),
                        413,
                        "too_large"),
                form(
                        "a form in a form that names no boundary",
                        part("form-data; name=\"file\"\r\nContent-Type: multipart/mixed", speech),
                        400,
                        "malformed_multipart"),
                form(
                        "a file under another name",
                        part("form-data; name=\"sound\"; filename=\"a.wav\"", speech),
                        400,
                        "bad_parameter"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void isToldWhatIsWrong(String name, String path, String headers, String body, int status, String code)
            throws IOException {
        // One byte more than is sent, so that the end is an end too soon, where the name says so.
        String answer = exchange(path, headers, body, body.length() + (name.contains("Content-Length") ? 1 : 0));

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("application/problem+json");
        assertThat(answer).containsPattern("\"code\":\"[a-z_]*" + code);
        assertThat(answer.length()).isLessThan(2000);
        assertThat(post("/v1/phase", WAV, SPEECH).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../etc/passwd",
                "/etc/passwd\0.wav",
                "C:\\\\a.wav",
                "a%0d%0aX-Evil: 1.wav",
                "",
                "..",
                "\u00e4.wav"
            })
    void theNameOfAnUploadIsNeverAPathNorAHeader(String name) throws IOException {
        String body = part("form-data; name=\"file\"; filename=\"" + name + "\"", latin1(SPEECH)) + "--B--\r\n";

        String answer = exchange("/v1/phase", FORM, body, body.length());

        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .contains("filename=\"phase.npy\"")
                .doesNotContain("X-Evil");
    }

    @Test
    void aBodyInGzipIsTheBody() throws IOException {
        HttpResponse<byte[]> response = post("/v1/phase", WAV, Bytes.gzip(SPEECH), "Content-Encoding", "gzip");

        assertThat(response.body()).isEqualTo(post("/v1/phase", WAV, SPEECH).body());
    }

    @Test
    void aBombInGzipIsCutOffAtTheLimitOfABody() throws IOException {
        byte[] zipped = Bytes.gzip(WavBytes.ofUnknownLength(new byte[64 << 20]));

        HttpResponse<byte[]> response = post("/v1/phase", WAV, zipped, "Content-Encoding", "gzip");

        assertThat(zipped).hasSizeLessThan(1 << 20);
        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void expectContinueIsAnsweredAndThenTheRequest() throws IOException {
        String answer =
                exchange("/v1/phase", "Content-Type: audio/wav\r\nExpect: 100-continue", latin1(SPEECH), SPEECH.length);

        assertThat(answer).startsWith("HTTP/1.1 100 ").contains("HTTP/1.1 200 ");
    }

    @Test
    void whoAsksBeforeTheBodyHearsOfARefusalBeforeIt() throws IOException {
        for (String path : new String[] {"/v1/nothing 404", "/v1/phase 413"}) {
            String[] target = path.split(" ");

            assertThat(exchange(target[0], "Content-Type: audio/wav\r\nExpect: 100-continue", "", 3 << 20, false))
                    .startsWith("HTTP/1.1 " + target[1] + " ")
                    .doesNotContain("HTTP/1.1 100");
        }
    }

    @Test
    void chunksThatAreNoneAreMalformed() throws IOException {
        for (String chunks : new String[] {"zz\r\nabc\r\n0\r\n\r\n", "ffffffffffffffffff\r\nabc\r\n0\r\n\r\n"}) {
            assertThat(exchange("/v1/phase", "Content-Type: audio/wav\r\nTransfer-Encoding: chunked", chunks, -1))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("application/problem+json");
        }
    }

    /** Sends a request, ends the sending side, and gives back all that is answered. */
    private String exchange(String path, String headers, String body, int length) throws IOException {
        // An end too soon; after a whole request it would say that nobody waits.
        return exchange(path, headers, body, length, length != body.length());
    }

    private String exchange(String path, String headers, String body, int length, boolean end) throws IOException {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n"
                + (length < 0 ? "" : "Content-Length: " + length + "\r\n") + "\r\n";
        try (Socket socket = connect(port, (head + body).getBytes(StandardCharsets.ISO_8859_1))) {
            if (end) {
                socket.shutdownOutput();
            }
            return latin1(socket.getInputStream().readAllBytes());
        }
    }

    /** A whole form of these parts. */
    private static Arguments form(String name, String parts, int status, String code) {
        return arguments(name, "/v1/phase", FORM, parts + "--B--\r\n", status, code);
    }

    private static String part(String disposition, String body) {
        return "--B\r\nContent-Disposition: " + disposition + "\r\n\r\n" + body + "\r\n";
    }

    private static String many(int count, String text) {
        return IntStream.range(0, count).mapToObj(i -> text.formatted(i)).collect(Collectors.joining());
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
