package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.operation.LiveContract;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Operations fed over a WebSocket. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class LiveSocketTest extends LiveContract {

    @LocalServerPort
    private int port;

    @Override
    protected float[] feed(Fed fed, int[] cut) throws Exception {
        try (LiveClient client = new LiveClient(port)) {
            Map<String, String> start = new HashMap<>(fed.parameters());
            start.put("type", "start");
            start.put("operation", fed.endpoint().wireName());
            client.say(JsonMapper.builder().build().writeValueAsString(start));
            JsonNode ready = client.hear();
            assertThat(ready.path("type").asString()).as("%s", ready).isEqualTo("ready");
            assertThat(ready.path("latency_samples").asInt()).isPositive();
            int at = 0;
            // A value a message is as good as shown by the first thousand.
            for (int count : cut.length > 1000 ? first(cut, fed.values().length) : cut) {
                client.send(fed.values(), at, count);
                at += count;
            }
            client.say("{\"type\": \"end\"}");
            JsonNode report = client.hear();
            assertThat(report.path("type").asString()).as("%s", report).isEqualTo("report");
            assertThat(client.closed()).isEqualTo(1000);
            return client.values();
        }
    }

    private static int[] first(int[] cut, int all) {
        int[] some = java.util.Arrays.copyOf(cut, 1001);
        some[1000] = all - java.util.Arrays.stream(cut, 0, 1000).sum();
        return some;
    }

    @Test
    void pcm16InAndOut() throws Exception {
        try (LiveClient client = new LiveClient(port)) {
            client.say(
                    "{\"type\":\"start\",\"operation\":\"reconstruct\",\"n_fft\":64,\"hop_length\":16,\"format\":\"pcm16\"}");
            assertThat(client.hear().path("values_in").asInt()).isEqualTo(33);
            float[] frames = new float[33 * 20];
            java.util.Arrays.fill(frames, 1);
            client.send(frames, 0, frames.length);
            client.say("{\"type\":\"flush\"}");
            assertThat(client.hear().path("type").asString()).isEqualTo("flushed");
            client.say("{\"type\":\"end\"}");
            JsonNode report = client.hear();
            assertThat(report.path("length").asInt()).isEqualTo(19 * 16);
            assertThat(client.closed()).isEqualTo(1000);
            assertThat(client.bytes()).hasSize(2 * 19 * 16);
        }
    }
}
