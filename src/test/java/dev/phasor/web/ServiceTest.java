package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The started service and a client that knows nothing of it but HTTP. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
abstract class ServiceTest {

    static final String WAV = "audio/wav";
    static final String NPY = "application/x-npy";
    static final String NPZ = "application/x-npz";
    static final String JSON = "application/json";

    private static final String BOUNDARY = "a-boundary-that-no-file-holds";

    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    int port;

    @LocalManagementPort
    int managementPort;

    @Autowired
    private ObjectMapper mapper;

    HttpResponse<byte[]> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).GET();
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** Posts a raw body; headers come in pairs of name and value. */
    HttpResponse<byte[]> post(String path, String type, byte[] body, String... headers) {
        return post(path, type, BodyPublishers.ofByteArray(body), headers);
    }

    /** Without a length, in chunks. */
    HttpResponse<byte[]> stream(String path, String type, byte[] body, String... headers) {
        return post(path, type, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)), headers);
    }

    private HttpResponse<byte[]> post(String path, String type, BodyPublisher body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).header("Content-Type", type).POST(body);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<byte[]> post(String path, Path wav, String... headers) {
        return post(path, WAV, bytes(wav), headers);
    }

    /** Posts files and fields as {@code multipart/form-data}. */
    HttpResponse<byte[]> postForm(String path, Map<String, byte[]> files, Map<String, String> fields) {
        var body = new ByteArrayOutputStream();
        files.forEach((name, content) -> part(
                body,
                "name=\"" + name + "\"; filename=\"../../" + name + ".bin\"\r\nContent-Type: application/octet-stream",
                content));
        fields.forEach((name, value) -> part(body, "name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8)));
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return post(path, "multipart/form-data; boundary=" + BOUNDARY, body.toByteArray());
    }

    private static void part(ByteArrayOutputStream body, String disposition, byte[] content) {
        body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    URI uri(String path) {
        return uri(port, path);
    }

    static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** A connection of this machine to the service, on which so much was sent. */
    static Socket connect(int port, byte[]... sent) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        for (byte[] each : sent) {
            socket.getOutputStream().write(each);
        }
        return socket;
    }

    /** All that is answered, up to the end of the connection. */
    static String exchange(int port, byte[]... sent) throws IOException {
        try (Socket socket = connect(port, sent)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** All that Prometheus reads. */
    String metrics() {
        return text(send(HttpRequest.newBuilder(uri(managementPort, "/actuator/prometheus"))));
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json(HttpResponse<byte[]> response) {
        return mapper.readTree(response.body());
    }

    JsonNode report(HttpResponse<byte[]> response) {
        return mapper.readTree(response.headers().firstValue("Phasor-Report").orElseThrow());
    }

    void assertProblem(HttpResponse<byte[]> response, int status, String code) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
        assertThat(json(response).get("code").asString()).isEqualTo(code);
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
