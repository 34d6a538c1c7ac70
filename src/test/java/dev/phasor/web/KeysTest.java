package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.test.context.TestPropertySource;

/** A service with keys answers those who have one, each within its rate and its quota. */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(
        properties = {
            // SHA-256 of "open-sesame", "friend" and "hurry".
            "phasor.security.keys.ali=d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7",
            "phasor.security.keys.gandalf=CDE48537CA2C28084FF560826D0E6388B7C57A51497A6CB56F397289E52FF41B",
            "phasor.security.keys.rabbit=f6002cbceb8c0327d974714b8f7a4ba28e25f0b7cbe216a719c35ced1fe9647f",
            "phasor.security.requests-per-minute=20",
            "phasor.security.bytes-per-day=600000B",
            "phasor.security.allowed-origins=https://studio.example"
        })
class KeysTest extends ServiceTest {

    private static final byte[] SPEECH = bytes(Recordings.speech());

    @LocalManagementPort
    private int managementPort;

    @Test
    void aBearerTokenOpens() {
        assertThat(getWith("/v1/backends", "Authorization", "Bearer open-sesame")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theHeaderOpens() {
        assertThat(getWith("/v1/backends", "X-API-Key", "friend").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/backends", "/v1/stft", "/v1/nowhere", "/v3/api-docs", "/error", "/"})
    void withoutAKeyEverythingIsShut(String path) {
        HttpResponse<byte[]> response = get(path);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"phasor\"");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(json(response).get("code").asString()).isEqualTo("unauthorized");
        assertThat(json(response).get("detail").asString()).contains("Authorization: Bearer", "X-API-Key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"open-sesam", "open-sesame2", "OPEN-SESAME", "ali"})
    void anUnknownKeyDoesNotOpen(String key) {
        HttpResponse<byte[]> response = getWith("/v1/backends", "Authorization", "Bearer " + key);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("invalid_token");
    }

    /** The hash is not the key: who reads the settings cannot call. */
    @Test
    void theHashIsNoKey() {
        String hash = "d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7";

        assertThat(getWith("/v1/backends", "X-API-Key", hash).statusCode()).isEqualTo(401);
    }

    @Test
    void theOtherFaceIsToldInItsOwnForm() {
        HttpResponse<byte[]> response = get("/v2/models/stft");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(json(response).propertyNames()).containsExactly("error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz"})
    void healthNeedsNoKey(String path) {
        assertThat(get(path).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/readiness", "/actuator/prometheus"})
    void healthAndMetricsOnTheirOwnPortNeedNoKey(String path) {
        assertThat(send(HttpRequest.newBuilder(uri(managementPort, path))).statusCode())
                .isEqualTo(200);
    }

    @Test
    void pastTheRateIsTooManyRequests() {
        HttpResponse<byte[]> response;
        int answered = 0;
        do {
            response = getWith("/v1/backends", "X-API-Key", "hurry");
            answered++;
        } while (response.statusCode() == 200 && answered <= 40);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(answered).isGreaterThan(20);
        assertThat(json(response).get("code").asString()).isEqualTo("too_many_requests");
        assertThat(json(response).get("detail").asString()).contains("20 requests a minute");
        assertThat(retryAfter(response)).isBetween(1L, 3L);
    }

    /** 227 kB in and 445 kB out: the second request would pass the 600 kB of the day. */
    @Test
    void pastTheDaysBytesIsQuotaExceeded() {
        assertThat(post("/v1/reconstruct", WAV, SPEECH, "X-API-Key", "friend").statusCode())
                .isEqualTo(200);

        HttpResponse<byte[]> response = post("/v1/reconstruct", WAV, SPEECH, "X-API-Key", "friend");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(json(response).get("code").asString()).isEqualTo("quota_exceeded");
        assertThat(retryAfter(response)).isBetween(1L, 86_400L);
        assertThat(metrics()).contains("phasor_received_bytes_total{key=\"gandalf\"} " + SPEECH.length + ".0");
    }

    @Test
    void anAllowedOriginMayCall() {
        HttpResponse<byte[]> response = preflight("https://studio.example");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://studio.example");
        assertThat(response.headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();
    }

    @Test
    void anotherOriginMayNot() {
        HttpResponse<byte[]> response = preflight("https://elsewhere.example");

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void theLogNamesTheKeyAndNeverHoldsIt(CapturedOutput output) {
        getWith("/v1/algorithms", "X-API-Key", "open-sesame");

        await().untilAsserted(
                        () -> assertThat(output).containsPattern("GET /v1/algorithms 200 in=0 out=\\d+ .* key=ali"));
        assertThat(output).doesNotContain("open-sesame");
    }

    private HttpResponse<byte[]> getWith(String path, String name, String value) {
        return send(HttpRequest.newBuilder(uri(path)).header(name, value));
    }

    private HttpResponse<byte[]> preflight(String origin) {
        return send(HttpRequest.newBuilder(uri("/v1/stft"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .headers("Origin", origin, "Access-Control-Request-Method", "POST")
                .headers("Access-Control-Request-Headers", "x-api-key, content-type"));
    }

    private String metrics() {
        return new String(send(HttpRequest.newBuilder(uri(managementPort, "/actuator/prometheus")))
                .body());
    }

    private static long retryAfter(HttpResponse<byte[]> response) {
        return Long.parseLong(response.headers().firstValue("Retry-After").orElseThrow());
    }
}
