package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Recordings;
import dev.phasor.reconstruction.Algorithm;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Sound from magnitudes alone, over HTTP. */
class MagnitudesTest extends ServiceTest {

    private static final String SHAPE = "?n_fft=512&hop_length=128";

    @ParameterizedTest
    @CsvSource({"pghi, -15", "fast_griffinlim&n_iter=20, -20", "auto&n_iter=20, -20"})
    void speechComesBackFromItsMagnitude(String algorithm, double atMost) {
        HttpResponse<byte[]> response =
                post("/v1/reconstruct" + SHAPE + "&algorithm=" + algorithm, Recordings.speech());

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode report = report(response);
        assertThat(report.get("spectral_convergence_db").asDouble()).isLessThan(atMost);
        assertThat(report.get("inconsistency_db").asDouble()).isLessThan(0);
        assertThat(report.get("iterations").asInt()).isEqualTo(algorithm.equals("pghi") ? 0 : 20);

        JsonNode evaluation = json(postForm(
                "/v1/evaluate",
                Map.of("audio", response.body(), "reference", bytes(Recordings.speech())),
                Map.of("n_fft", "512", "hop_length", "128")));
        assertThat(evaluation.get("spectral_convergence_db").asDouble())
                .isCloseTo(report.get("spectral_convergence_db").asDouble(), within(0.01));
    }

    @Test
    void theSameSeedGivesTheSameSamples() {
        String path = "/v1/reconstruct" + SHAPE + "&n_iter=3&init=random&algorithm=griffinlim&seed=";

        byte[] first = post(path + 5, Recordings.speech()).body();

        assertThat(post(path + 5, Recordings.speech()).body()).isEqualTo(first);
        assertThat(post(path + 6, Recordings.speech()).body()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "'[[1, -1], [1, 1], [1, 1]]', sample_rate=8000, 422, negative_magnitude",
        "'[[1, 1], [1, 1], [1, 1]]', sample_rate=8000&n_fft=8, 422, shape_mismatch",
        "'[[1, 1], [1, 1], [1, 1]]', sample_rate=8000&n_iter=0, 400, bad_parameter",
        "'[[1, 1], [1, 1], [1, 1]]', sample_rate=8000&n_iter=1000000000, 400, bad_parameter",
        "'[[1, 1], [1, 1], [1, 1]]', sample_rate=8000&algorithm=istft, 400, bad_parameter",
        "'[[1, 1], [1, 1], [1, 1]]', sample_rate=8000&algorithm=magic, 400, bad_parameter",
        "'[[1, 1], [1, 1], [1, 1]]', sample_rate=8000&init=given, 400, bad_parameter",
        "'[[1, 1], [1, 1], [1, 1]]', sample_rate=8000&power=3, 400, bad_parameter",
    })
    void whatCannotBeIsRefused(String magnitude, String parameters, int status, String code) {
        byte[] body = ("{\"magnitude\": " + magnitude + "}").getBytes(StandardCharsets.UTF_8);

        HttpResponse<byte[]> response = post("/v1/reconstruct?" + parameters, JSON, body);

        assertProblem(response, status, code);
    }

    @Test
    void aReportOnManyItemsFitsAHeader() {
        byte[] body = ("{\"magnitude\": [" + "[[1, 2], [1, 1], [1, 1]],".repeat(999) + "[[1, 2], [1, 1], [1, 1]]]}")
                .getBytes(StandardCharsets.UTF_8);

        HttpResponse<byte[]> response = post("/v1/reconstruct?n_iter=1&response_format=npy", JSON, body);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Phasor-Report").orElseThrow()).hasSizeLessThan(2048);
        JsonNode convergence = report(response).get("spectral_convergence_db");
        assertThat(convergence.get("count").asInt()).isEqualTo(1000);
        assertThat(convergence.get("mean").asDouble())
                .isBetween(
                        convergence.get("min").asDouble(),
                        convergence.get("max").asDouble());
    }

    @Test
    void algorithmsAreListed() {
        assertThat(json(get("/v1/algorithms")).get("algorithms").findValuesAsString("name"))
                .containsAll(
                        Stream.of(Algorithm.values()).map(Algorithm::wireName).toList());
    }
}
