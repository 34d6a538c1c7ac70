package dev.phasor.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.PhasorApplication;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import tools.jackson.databind.JsonNode;

/** The service ends while sessions are open. */
class LiveShutdownTest {

    private static final String START =
            "{\"type\":\"start\",\"operation\":\"reconstruct\",\"n_fft\":64,\"hop_length\":16}";

    private static ServletWebServerApplicationContext service(int grace) {
        return (ServletWebServerApplicationContext) new SpringApplication(PhasorApplication.class)
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--phasor.live.grace=" + grace,
                        "--phasor.warmup=0s");
    }

    private static LiveClient started(ServletWebServerApplicationContext service) throws Exception {
        LiveClient client =
                new LiveClient(requireNonNull(service.getWebServer()).getPort());
        client.say(START);
        assertThat(client.hear().path("type").asString()).isEqualTo("ready");
        return client;
    }

    /** The service waits for the session, not for its grace. */
    @Test
    void aSessionEndsWithinTheGrace() throws Exception {
        var service = service(600);
        try (LiveClient client = started(service)) {
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(service::close);
            client.send(new float[33 * 20], 0, 33 * 20);
            client.say("{\"type\":\"end\"}");
            JsonNode report = client.hear();
            assertThat(report.path("type").asString()).as("%s", report).isEqualTo("report");
            assertThat(client.closed()).isEqualTo(1000);
            stopped.get(120, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatDoesNotEndIsToldWhy() throws Exception {
        var service = service(0);
        try (LiveClient client = started(service)) {
            service.close();
            JsonNode error = client.hear();
            assertThat(error.path("code").asString()).as("%s", error).isEqualTo("busy");
            assertThat(error.path("detail").asString()).contains("the service is stopping");
            assertThat(client.closed()).isEqualTo(1001);
        }
    }
}
