package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import inference.ServerReadyRequest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Prometheus reads after a little work, on the port of its own. */
class MetricsTest extends GrpcServiceTest {

    /** Every metric that docs/operations.md names is there once the service has done a little of everything. */
    @Test
    void everyMetricOfThePageIsThere() throws IOException {
        work();

        String page = Files.readString(Path.of("docs", "operations.md"));
        var names = Pattern.compile("^\\| (`.*?`) \\|", Pattern.MULTILINE)
                .matcher(page.substring(page.indexOf("## Metrics")))
                .results()
                .flatMap(row ->
                        Pattern.compile("`([a-z_]+)`").matcher(row.group(1)).results())
                .map(name -> name.group(1))
                // Where there are keys; KeysTest has it.
                .filter(name -> !name.equals("phasor_quota_left_bytes"))
                .toList();
        assertThat(names).hasSizeGreaterThan(10);
        await().untilAsserted(() -> {
            String metrics = metrics();
            assertThat(names).allSatisfy(name -> assertThat(metrics).contains("\n" + name));
        });
    }

    @Test
    void computeTimeIsByOperationStageAndAlgorithm() {
        work();

        assertThat(metrics())
                .contains(
                        "phasor_compute_seconds_count{algorithm=\"istft\",operation=\"reconstruct\",stage=\"compute\"}")
                .contains("phasor_compute_seconds_count{algorithm=\"none\",operation=\"reconstruct\",stage=\"decode\"}")
                .contains(
                        "phasor_compute_seconds_count{algorithm=\"istft\",operation=\"reconstruct\",stage=\"encode\"}")
                .contains("phasor_problems_total{code=\"bad_parameter\"}");
    }

    @Test
    void metricsAreNotOnTheServicesPort() {
        assertThat(get("/actuator/prometheus").statusCode()).isEqualTo(404);
    }

    @Test
    void nothingButHealthInfoAndMetricsIsThere() {
        for (String endpoint : new String[] {"env", "heapdump", "beans", "loggers", "shutdown"}) {
            assertThat(send(HttpRequest.newBuilder(uri(managementPort, "/actuator/" + endpoint)))
                            .statusCode())
                    .as(endpoint)
                    .isEqualTo(404);
        }
    }

    private void work() {
        client.stub().serverReady(ServerReadyRequest.getDefaultInstance());
        byte[] loud = "{\"audio\": [0, 2, 0, 0, -2, 0, 0, 0], \"sample_rate\": 8000}".getBytes(StandardCharsets.UTF_8);
        byte[] gradient = ("{\"spectrogram\": {\"real\": [[0, 1]], \"imag\": [[0, 0]]}, \"cotangent\": [[1, 1]]}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(post("/v1/reconstruct?n_fft=4&encoding=pcm16", JSON, loud, "Accept", WAV)
                        .statusCode())
                .isEqualTo(200);
        assertThat(post("/v1/phase/vjp", JSON, gradient).statusCode()).isEqualTo(200);
        assertThat(post("/v1/phase?n_fft=0", Recordings.speech()).statusCode()).isEqualTo(400);
    }
}
