package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Sessions have the keys and quotas of requests. The hash is that of "secret". */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "phasor.security.keys.ana=2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",
            "phasor.security.bytes-per-day=20000B"
        })
class LiveKeysTest {

    @LocalServerPort
    private int port;

    @Test
    void noSessionWithoutAKey() {
        assertThatThrownBy(() -> new LiveClient(port)).hasRootCauseMessage("Unexpected HTTP response status code 401");
    }

    @Test
    void bytesCountForTheQuota() throws Exception {
        try (LiveClient client = new LiveClient(port, "Authorization", "Bearer secret")) {
            client.say("{\"type\":\"start\",\"operation\":\"reconstruct\",\"n_fft\":64,\"hop_length\":16}");
            assertThat(client.hear().path("type").asString()).isEqualTo("ready");
            client.send(new float[33 * 100], 0, 33 * 100);
            client.send(new float[33 * 100], 0, 33 * 100);
            assertThat(client.hear().path("code").asString()).isEqualTo("quota_exceeded");
            assertThat(client.closed()).isEqualTo(1013);
        }
    }
}
