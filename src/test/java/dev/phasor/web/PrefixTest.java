package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** A service whose paths begin with a prefix: its own, or that of a proxy, which takes it off and says so. */
@TestPropertySource(
        properties = {
            "server.servlet.context-path=/phasor",
            "server.forward-headers-strategy=framework",
            "phasor.jobs.enabled=true"
        })
class PrefixTest extends ServiceTest {

    private static final byte[] BODY = "{\"audio\": [0, 1, 0, -1]}".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    static Path folder;

    @DynamicPropertySource
    static void inItsFolder(DynamicPropertyRegistry registry) {
        registry.add("phasor.jobs.folder", () -> folder);
    }

    /** The header is the proxy's, which is asked at its own prefix and asks at the service's. */
    @ParameterizedTest
    @CsvSource({"X-None, /, /phasor", "X-Forwarded-Prefix, /tools/sound, /tools/sound"})
    void aJobIsWhereItsClientFindsIt(String header, String value, String prefix) {
        HttpResponse<byte[]> response =
                post("/phasor/v1/reconstruct?n_fft=4", JSON, BODY, "Prefer", "respond-async", header, value);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Location"))
                .hasValue(prefix + "/v1/jobs/" + json(response).get("id").asString());
    }

    @ParameterizedTest
    @CsvSource({"X-None, /, /phasor", "X-Forwarded-Prefix, /tools/sound, /tools/sound"})
    void theDocumentSaysWhereTheServiceIs(String header, String value, String prefix) {
        JsonNode document = json(get("/phasor/v3/api-docs", header, value));

        assertThat(document.at("/servers/0/url").asString()).isEqualTo(prefix);
        assertThat(text(get("/phasor/v3/api-docs.yaml", header, value))).contains("- url: \"" + prefix + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/phasor/, 200, text/html",
        "/phasor/docs, 200, text/html",
        "/phasor/page/main.js, 200, text/javascript",
        "/phasor/v1/mels, 200, application/json",
        "/phasor/readyz, 200, application/",
        "/phasor/v1/nothing, 404, application/problem+json",
        "/v1/mels, 404, application/problem+json"
    })
    void isAnsweredBehindIt(String path, int status, String type) {
        HttpResponse<byte[]> response = get(path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
    }

    @ParameterizedTest
    @CsvSource({"/phasor, /phasor/", "/phasor/docs/, /phasor/docs"})
    void aSlashMoreOrLessIsForgiven(String path, String to) {
        HttpResponse<byte[]> response = get(path);

        assertThat(response.statusCode()).isBetween(301, 308);
        assertThat(uri(path).resolve(response.headers().firstValue("Location").orElseThrow()))
                .isEqualTo(uri(to));
    }

    @ParameterizedTest
    @CsvSource({"/phasor/v2/models/nothing", "/phasor/v2/nothing"})
    void theErrorsOfTheProtocolAreItsOwn(String path) {
        assertThat(json(get(path)).has("error")).isTrue();
        assertThat(json(send(HttpRequest.newBuilder(uri(path)).header("X-Forwarded-Prefix", "/tools/sound")))
                        .has("error"))
                .isTrue();
    }

    @Test
    void thePageHasItsOwnPolicy() {
        assertThat(get("/phasor/")
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElseThrow())
                .contains("script-src 'self'");
    }
}
