package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.PhasorApplication;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The documented {@code LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs}, in a process of its own: a log is set up once in each.
 */
class StructuredLogTest {

    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+) .*");

    @Test
    @Timeout(120)
    void everyLineIsAnObjectOfTheElasticCommonSchema() throws IOException, InterruptedException {
        Process service = start();
        List<JsonNode> lines = new ArrayList<>();
        try (BufferedReader out = service.inputReader(StandardCharsets.UTF_8)) {
            int port = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                JsonNode object = JsonMapper.shared().readTree(line);
                lines.add(object);
                Matcher started = STARTED.matcher(object.path("message").asString());
                if (port == 0 && started.matches()) {
                    port = Integer.parseInt(started.group(1));
                    get(port, "/v1/algorithms", "the-clients-name");
                    get(port, "/v1/nothing%22,%22x%22:%22", "\"},{\"");
                    service.toHandle().destroy(); // as a signal: the process's own way closes its output too
                }
            }
        } finally {
            service.destroyForcibly();
        }

        assertThat(lines).hasSizeGreaterThan(5).allSatisfy(line -> {
            assertThat(line.propertyNames()).contains("@timestamp", "log", "message", "ecs", "service", "process");
            assertThat(line.at("/log/level").asString()).matches("[A-Z]+");
            assertThat(line.at("/service/name").asString()).isEqualTo("phasor");
        });
        List<JsonNode> requests = lines.stream()
                .filter(line -> line.at("/log/logger").asString().equals("phasor.access"))
                .toList();
        assertThat(requests).hasSize(2);
        JsonNode named = requests.get(0);
        assertThat(named.path("request_id").asString()).isEqualTo("the-clients-name");
        assertThat(named.at("/http/request/method").asString()).isEqualTo("GET");
        assertThat(named.at("/url/path").asString()).isEqualTo("/v1/algorithms");
        assertThat(named.at("/http/response/status_code").asInt()).isEqualTo(200);
        assertThat(named.at("/http/response/body/bytes").asInt()).isPositive();
        assertThat(named.at("/event/duration").asLong()).isPositive();
        assertThat(requests.get(1).path("request_id").asString()).matches("[0-9a-f-]{36}");
        assertThat(requests.get(1).at("/http/response/status_code").asInt()).isEqualTo(404);
    }

    private static Process start() throws IOException {
        ProcessBuilder service = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                PhasorApplication.class.getName(),
                "--server.port=0",
                "--management.server.port=0",
                "--spring.grpc.server.port=0");
        service.environment().put("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs");
        return service.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void get(int port, String path, String id) throws IOException, InterruptedException {
        HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header("X-Request-Id", id)
                                .build(),
                        BodyHandlers.discarding());
    }
}
