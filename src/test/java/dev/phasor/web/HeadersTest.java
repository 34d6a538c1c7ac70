package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What stands around every answer: headers that keep browsers out, the request's name, and no word too much. */
@ExtendWith(OutputCaptureExtension.class)
class HeadersTest extends ServiceTest {

    @ParameterizedTest
    @ValueSource(strings = {"/v1/backends", "/v1/stft", "/v1/nowhere", "/livez"})
    void answersAreNeitherStoredNorSniffedNorFramed(String path) {
        var headers = get(path).headers();

        assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(headers.firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(headers.firstValue("Cache-Control").orElseThrow()).contains("no-store");
        assertThat(headers.firstValue("Content-Security-Policy").orElseThrow()).contains("default-src 'none'");
        assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(headers.map()).doesNotContainKeys("server", "set-cookie", "x-powered-by");
    }

    /** Tomcat refuses more than ten languages, and nobody asked it to read them. */
    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/v1/backends", "/v3/api-docs"})
    void languagesAreNotRead(String path) {
        String languages = "a1,a2,a3,a4,a5,a6,a7,a8,a9,b1,b2,b3,b4,b5";
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(uri(path)).header("Accept-Language", languages));

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/actuator/health", "/actuator/prometheus"})
    void headersThatAreNoMediaTypesAreTheClientsFault(String path) {
        int to = path.startsWith("/actuator") ? managementPort : port;
        for (String[] header : new String[][] {{"Accept", ",,,"}, {"Content-Type", "*/*"}, {"Accept", "nonsense"}}) {
            HttpResponse<byte[]> response =
                    send(HttpRequest.newBuilder(uri(to, path)).header(header[0], header[1]));

            assertThat(response.statusCode()).as("%s: %s", header[0], header[1]).isIn(200, 400, 406, 415);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/phase", "/v1/jobs", "/v2/models/phasor_phase/infer", "/v1/nowhere"})
    void aMediaTypeWithAWildcardIsNone(String path) {
        for (String type : new String[] {"*/*", "audio/*", "application/*;q=1"}) {
            HttpResponse<byte[]> response = send(HttpRequest.newBuilder(uri(path))
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1])));

            assertThat(response.statusCode()).as("%s: %s", path, type).isBetween(400, 415);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%01=1", "n_fft%0a=16", "%ef%bf%bf=1"})
    void parametersThatNothingIsCalledAreTheClientsFault(String query) {
        for (String[] headers : new String[][] {{}, {"Prefer", "respond-async"}}) {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri("/v1/stft?" + query))
                    .header("Content-Type", JSON)
                    .POST(HttpRequest.BodyPublishers.ofString("{\"audio\": [0, 1]}"));
            HttpResponse<byte[]> response = send(headers.length == 0 ? request : request.headers(headers));

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(text(response)).contains("bad_parameter");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/actuator/health", "/actuator/metrics/jvm.threads.live"})
    void healthReadsNoParameters(String path) {
        int to = path.startsWith("/actuator") ? managementPort : port;
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(uri(to, path + "?%01=1")));

        assertThat(response.statusCode()).isIn(200, 400);
    }

    @Test
    void withoutASettingNoOtherOriginMayCall() {
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(uri("/v1/backends"))
                .header("Origin", "https://elsewhere.example")
                .header("Accept", JSON));

        assertThat(response.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/nowhere", "/error", "/v1/stft;x=1", "/page/nowhere"})
    void whatIsNowhereIsAProblemToABrowserToo(String path) {
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(uri(path)).header("Accept", "text/html"));

        assertThat(response.statusCode()).isBetween(400, 404);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(text(response)).contains("\"code\":").doesNotContain("Exception");
    }

    @Test
    void theOtherFaceIsToldWhatIsMalformedInItsOwnForm() {
        assertThat(json(get("/v2/models;x=1")).propertyNames()).containsExactly("error");
    }

    @Test
    void aRequestKeepsTheNameThatItsClientGave(CapturedOutput output) {
        HttpResponse<byte[]> response =
                post("/v1/phase?n_fft=zero", WAV, bytes(Recordings.speech()), "X-Request-Id", "take-7/chorus");

        assertThat(response.headers().firstValue("X-Request-Id")).hasValue("take-7/chorus");
        assertThat(json(response).get("request_id").asString()).isEqualTo("take-7/chorus");
        await().untilAsserted(() -> assertThat(output)
                .containsPattern("\\[take-7/chorus\\].* POST /v1/phase 400 in=\\d+ out=\\d+ ms=[0-9.]+ key=none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "<script>", "\u00e4", "x\"y", ""})
    void aNameThatWouldBreakTheLogIsReplaced(String name) {
        String id = send(HttpRequest.newBuilder(uri("/v1/backends")).header("X-Request-Id", name))
                .headers()
                .firstValue("X-Request-Id")
                .orElseThrow();

        assertThat(UUID.fromString(id)).hasToString(id);
    }

    /** The container refuses this itself, before anything of ours sees it. */
    @Test
    void theContainersNameIsInNoAnswer() {
        assertThat(text(get("/v1/..%2fetc/passwd"))).doesNotContainIgnoringCase("tomcat");
    }
}
