package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/** A service with keys answers those who have one, each within its rate and its quota. */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(
        properties = {
            // SHA-256 of "open-sesame", "friend", "hurry", "chunks", "answers" and "schl\u00fc\u00dfel" in UTF-8.
            "phasor.security.keys.ali=d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7",
            "phasor.security.keys.gandalf=CDE48537CA2C28084FF560826D0E6388B7C57A51497A6CB56F397289E52FF41B",
            "phasor.security.keys.rabbit=f6002cbceb8c0327d974714b8f7a4ba28e25f0b7cbe216a719c35ced1fe9647f",
            "phasor.security.keys.stream=903998a13c26111438bcdf5ccf829e38beea39f5c240f35fb2f398d206dedd10",
            "phasor.security.keys.answer=677fe21b65f4a6cf1d105853d51f4f0a562698aa6374cb4d279d46a99dd3e6a3",
            "phasor.security.keys.smith=c3a672e33eaa5d8d695be2c598fdb07f24e2f69ac879c51ce6d9be2cb31abeb4",
            "phasor.security.requests-per-minute=20",
            "phasor.security.bytes-per-day=600000B",
            "phasor.security.allowed-origins=https://studio.example"
        })
class KeysTest extends ServiceTest {

    private static final byte[] SPEECH = bytes(Recordings.speech());

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
    @ValueSource(strings = {"/v1/backends", "/v1/stft", "/v1/nowhere", "/v3/api-docs", "/error", "/nowhere"})
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

    /** The same files for everyone; what they call needs one. */
    @ParameterizedTest
    @ValueSource(strings = {"/", "/docs", "/page/main.js", "/page/swagger-ui.css"})
    void thePageNeedsNoKey(String path) {
        assertThat(get(path).statusCode()).isEqualTo(200);
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

        assertProblem(response, 429, "quota_exceeded");
        assertThat(retryAfter(response)).isBetween(1L, 86_400L);
        assertThat(metrics()).contains("phasor_requests_total{key=\"gandalf\",status=\"429\"} 1.0");
    }

    /** 227 kB each, of which none says so beforehand: 600 kB are two of them. */
    @Test
    void bodiesOfUnknownLengthTogetherDoNotPassTheDaysBytes() {
        List<HttpResponse<byte[]>> responses = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> stream("/v1/phase", WAV, SPEECH, "X-API-Key", "chunks"))
                .toList();

        assertThat(responses)
                .filteredOn(response -> response.statusCode() == 200)
                .hasSizeLessThanOrEqualTo(2);
        assertThat(responses)
                .filteredOn(response -> response.statusCode() != 200)
                .allSatisfy(response -> {
                    assertProblem(response, 429, "quota_exceeded");
                    assertThat(retryAfter(response)).isBetween(1L, 86_400L);
                });
    }

    /** 3 kB in and 1.1 MB out: the first one is the last. */
    @Test
    void answersThatAreComputedAtOnceAreNotAllTheLastOne() {
        byte[] click = ("{\"audio\": [" + "0.5, ".repeat(511) + "0]}").getBytes(StandardCharsets.UTF_8);
        List<HttpResponse<byte[]>> responses = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> post(
                        "/v1/stft?n_fft=4096&hop_length=8&response_format=npy", JSON, click, "X-API-Key", "answers"))
                .toList();

        assertThat(responses)
                .filteredOn(response -> response.statusCode() == 200)
                .hasSize(1);
        assertThat(responses)
                .filteredOn(response -> response.statusCode() != 200)
                .allSatisfy(response -> assertProblem(response, 429, "quota_exceeded"));
    }

    /** As curl sends it from a terminal, and as Python's clients do. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1"})
    void aKeyMayHaveLettersBeyondAscii(String charset) throws IOException {
        for (String header : List.of("Authorization: Bearer ", "X-API-Key: ")) {
            assertThat(exchange(header + "schl\u00fc\u00dfel", Charset.forName(charset)))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(exchange(header + "schl\u00fc\u00dfeln", Charset.forName(charset)))
                    .startsWith("HTTP/1.1 401 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-API-Key:", "X-API-Key: ", "Authorization: Bearer", "Authorization: Bearer  "})
    void noKeyDoesNotOpen(String header) throws IOException {
        assertThat(exchange(header, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 401 ");
    }

    private String exchange(String header, Charset charset) throws IOException {
        return exchange(
                port,
                ("GET /v1/backends HTTP/1.1\r\nHost: anything.example\r\nConnection: close\r\n" + header + "\r\n\r\n")
                        .getBytes(charset));
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

    private static long retryAfter(HttpResponse<byte[]> response) {
        return Long.parseLong(response.headers().firstValue("Retry-After").orElseThrow());
    }
}
