package dev.phasor.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.PhasorApplication;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** The service ends while sessions are open. */
class LiveShutdownTest {

    private static final String START =
            "{\"type\":\"start\",\"operation\":\"reconstruct\",\"n_fft\":64,\"hop_length\":16}";

    @Test
    void sessionsEndWithinTheGraceOrAreToldWhy() throws Exception {
        var service = (ServletWebServerApplicationContext) new SpringApplication(PhasorApplication.class)
                .run("--server.port=0", "--management.server.port=0", "--phasor.live.grace=5", "--phasor.warmup=0s");
        int port = requireNonNull(service.getWebServer()).getPort();
        try (LiveClient ends = new LiveClient(port);
                LiveClient stays = new LiveClient(port)) {
            for (LiveClient client : new LiveClient[] {ends, stays}) {
                client.say(START);
                assertThat(client.hear().path("type").asString()).isEqualTo("ready");
            }
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(service::close);

            ends.send(new float[33 * 20], 0, 33 * 20);
            ends.say("{\"type\":\"end\"}");
            assertThat(ends.hear().path("type").asString()).isEqualTo("report");
            assertThat(ends.closed()).isEqualTo(1000);

            assertThat(stays.hear().path("code").asString()).isEqualTo("busy");
            assertThat(stays.closed()).isEqualTo(1001);
            stopped.get(60, TimeUnit.SECONDS);
        }
    }
}
