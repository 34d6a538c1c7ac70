package dev.phasor.web;

import static dev.phasor.Bytes.doubles;
import static dev.phasor.Bytes.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.phasor.Recordings;
import dev.phasor.codec.NpyBytes;
import dev.phasor.codec.NpzBytes;
import dev.phasor.codec.WavBytes;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** What is wrong gets its 4xx with a stable code that says what, and the next request is answered as before. */
@TestPropertySource(
        properties = {
            "phasor.limits.max-upload=2MB",
            "phasor.limits.max-decoded=8MB",
            "phasor.limits.max-fft-size=65536"
        })
class HostileInputTest extends ServiceTest {

    private static final byte[] SPEECH = bytes(Recordings.speech());

    static Stream<Arguments> wrong() {
        byte[] noChannels = WavBytes.riff()
                .format(1, 0, 8000, 2, 16)
                .chunk("data", new byte[8])
                .bytes();
        byte[] cut =
                WavBytes.riffWithFormat().id("data").u32(1000).raw(new byte[8]).bytes();
        byte[] ones = ofFloats("(4,)", 1, 1, 1, 1);
        byte[] zeros = NpyBytes.of("<c8", "(3, 4)", new byte[96]);
        return Stream.of(
                arguments("not a WAV", "/v1/stft", WAV, text("hello"), 400, "malformed_wav", "RIFF"),
                arguments("nothing at all", "/v1/stft", WAV, new byte[0], 400, "malformed_wav", ""),
                arguments(
                        "a truncated WAV", "/v1/stft", WAV, Arrays.copyOf(SPEECH, 9999), 400, "malformed_wav", "data"),
                arguments("a truncated header", "/v1/stft", WAV, Arrays.copyOf(SPEECH, 30), 400, "malformed_wav", ""),
                arguments("0 channels", "/v1/stft", WAV, noChannels, 400, "malformed_wav", "channels"),
                arguments("a header larger than the body", "/v1/stft", WAV, cut, 400, "malformed_wav", ""),
                npy("NaN samples", "/v1/stft", ofFloats("(2,)", 0, Float.NaN), 422, "non_finite_input", "[1]"),
                npy(
                        "infinite as float32",
                        "/v1/phase",
                        NpyBytes.of("<f8", "(1,)", doubles(1e300)),
                        422,
                        "non_finite_input",
                        ""),
                npy("no samples", "/v1/stft", ofFloats("(0,)"), 422, "shape_mismatch", "sample"),
                npy("an NPY of no shape", "/v1/stft", ofFloats("()", 1), 422, "shape_mismatch", ""),
                npy("a shape that overflows", "/v1/stft", ofFloats("(4294967296, 4294967296)", 1), 400, "", ""),
                npy("a shape that lies", "/v1/stft", ofFloats("(1000000,)", 1), 400, "malformed_npy", ""),
                npy("a negative shape", "/v1/stft", ofFloats("(-4,)", 1), 400, "malformed_npy", ""),
                npy("an object array", "/v1/stft", NpyBytes.of("|O", "(1,)", text("pickle")), 400, "malformed_npy", ""),
                npy("a pickle", "/v1/stft", text("\u0080\u0004\u0095"), 400, "malformed_npy", ""),
                npy("a decoded size beyond the limit", "/v1/stft", ofFloats("(3000000,)", 1), 413, "too_large", ""),
                arguments("a zip bomb", "/v1/phase/vjp", NPZ, zipOfZeros(200 << 20), 413, "too_large", ""),
                arguments("a broken zip", "/v1/phase/vjp", NPZ, text("PK\u0003\u0004"), 400, "malformed_npz", ""),
                json("half an object", "/v1/stft", "{\"audio\": [1, 2", 400, "malformed_json", ""),
                json("many fields", "/v1/stft", fields("[]"), 400, "malformed_json", "at most 256 fields"),
                json("many fields of nothing", "/v1/stft", fields("null"), 400, "malformed_json", "at most 256 fields"),
                json(
                        "a part of a complex value that there is not",
                        "/v1/istft",
                        "{\"spectrogram\": {\"real\": [[0]], \"0\": [" + "[],".repeat(100) + " this is not read",
                        400,
                        "malformed_json",
                        "spectrogram must hold real and imag, each once, got 0"),
                json(
                        "a part of a complex value twice",
                        "/v1/istft",
                        "{\"spectrogram\": {\"real\": [[0]], \"real\": [[0]], \"imag\": [[0]]}}",
                        400,
                        "malformed_json",
                        "each once, got real"),
                json(
                        "half a complex value",
                        "/v1/istft",
                        "{\"spectrogram\": {\"real\": [[0]]}}",
                        400,
                        "malformed_json",
                        "spectrogram must hold real and imag"),
                json(
                        "half a character",
                        "/v1/stft",
                        "{\"audio\": [0], \"window\": \"\\ud800\"}",
                        400,
                        "bad_parameter",
                        "got ?"),
                json("NaN in JSON", "/v1/stft", "{\"audio\": [NaN]}", 400, "malformed_json", ""),
                json("1e999 in JSON", "/v1/stft", "{\"audio\": [1e999]}", 422, "non_finite_input", "[0]"),
                json("a ragged list", "/v1/stft", "{\"audio\": [[1, 2], [3]]}", 400, "malformed_json", "rectangular"),
                json("deep nesting", "/v1/stft", "{\"audio\": " + "[".repeat(100_000), 400, "malformed_json", "axes"),
                json("a string for a list", "/v1/stft", "{\"audio\": \"x\"}", 400, "bad_parameter", ""),
                json("nothing to work on", "/v1/stft", "{}", 400, "bad_parameter", ""),
                npy("n_fft=0", "/v1/stft?n_fft=0", ones, 400, "bad_parameter", "n_fft must be"),
                npy(
                        "n_fft beyond the limit",
                        "/v1/stft?n_fft=65537",
                        ones,
                        400,
                        "bad_parameter",
                        "2..65536, got 65537"),
                npy("n_fft is no number", "/v1/stft?n_fft=many", ones, 400, "bad_parameter", "got many"),
                npy("hop_length=0", "/v1/stft?hop_length=0", ones, 400, "bad_parameter", "hop_length"),
                npy(
                        "win_length beyond n_fft",
                        "/v1/stft?n_fft=4&win_length=5",
                        ones,
                        400,
                        "bad_parameter",
                        "win_length"),
                npy("an unknown window", "/v1/stft?window=hat", ones, 400, "bad_parameter", "hann"),
                npy(
                        "what is called something else",
                        "/v1/stft?input=magnitude",
                        ones,
                        400,
                        "bad_parameter",
                        "input must be audio"),
                arguments(
                        "a sound called a spectrogram",
                        "/v1/phase?input=spectrogram",
                        WAV,
                        SPEECH,
                        400,
                        "bad_parameter",
                        "input must be audio"),
                npy("a misspelled parameter", "/v1/stft?n_ftt=512", ones, 400, "bad_parameter", "n_ftt"),
                npy("fewer samples than n_fft", "/v1/stft?n_fft=8&center=false", ones, 422, "shape_mismatch", "n_fft"),
                npy(
                        "no inverse",
                        "/v1/reconstruct?n_fft=4&hop_length=4&response_format=npy",
                        ofFloats("(8,)", 1, 1, 1, 1, 1, 1, 1, 1),
                        422,
                        "nola",
                        "hop_length"),
                npy("no rate for a WAV", "/v1/istft", zeros, 400, "bad_parameter", "sample_rate"),
                npy("bins of another n_fft", "/v1/istft?n_fft=8", zeros, 422, "shape_mismatch", "bins"),
                npy("real where complex is due", "/v1/istft", ones, 422, "shape_mismatch", "complex"),
                npy("no cotangent", "/v1/phase/vjp", zeros, 400, "bad_parameter", "cotangent"),
                npy("a negative floor", "/v1/phase/vjp?floor=-1", zeros, 400, "bad_parameter", ""),
                arguments("a body beyond the limit", "/v1/stft", WAV, new byte[3 << 20], 413, "too_large", "2097152"),
                arguments("a type that is none", "/v1/stft", "x", ones, 415, "unsupported_media_type", ""),
                arguments("text", "/v1/stft", "text/plain", ones, 415, "unsupported_media_type", "audio/wav"),
                arguments(
                        "what curl sends by itself",
                        "/v1/stft",
                        "application/x-www-form-urlencoded",
                        ones,
                        415,
                        "unsupported_media_type",
                        "Content-Type"),
                arguments(
                        "a broken multipart",
                        "/v1/stft",
                        "multipart/form-data",
                        text("--"),
                        400,
                        "malformed_multipart",
                        ""),
                npy("an endpoint that is none", "/v1/nothing", ones, 404, "not_found", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void isToldWhatIsWrong(String name, String path, String type, byte[] body, int status, String code, String detail) {
        HttpResponse<byte[]> response = post(path, type, body);

        assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("code").asString()).contains(code);
        assertThat(problem.get("detail").asString()).contains(detail);
        assertThat(problem.has("trace")).isFalse();
        assertThat(post("/v1/phase", WAV, SPEECH).statusCode()).isEqualTo(200);
    }

    /** Of whatever was sent, an error says a hundred characters. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'@': {'real': [1]}}",
                "{'audio': {'@': [1]}}",
                "{'audio': {'real': 3, '@': 1}}",
                "{'@': 1}",
                "{'@': [true]}",
                "{'@': {}}",
                "{'@': [1], '@': [1]}",
                "{'n_fft': '@'}",
                "{'window': '@'}",
                "{'audio': [1], 'response_format': '@'}",
                "{'audio': [@]}",
                "@"
            })
    void anErrorDoesNotEcho(String json) {
        String sent = json.replace('\'', '"').replace("@", "1".repeat(40_000));

        for (HttpResponse<byte[]> response : List.of(
                post("/v1/stft", JSON, text(sent)),
                post("/v2/models/stft/infer", JSON, text(sent)),
                post("/v2/models/stft/infer", JSON, text("{\"inputs\": [" + sent + "]}")),
                post("/v2/models/stft/infer", JSON, text("{\"parameters\": " + sent + "}")))) {
            assertThat(response.statusCode()).as(json).isEqualTo(400);
            assertThat(response.body()).as(json).hasSizeLessThan(1500);
        }
    }

    @Test
    void anErrorDoesNotEchoTheHead() {
        String much = "x".repeat(6_000);

        for (HttpResponse<byte[]> response : List.of(
                get("/v2/models/" + much),
                post("/v1/stft?" + much + "=1", WAV, SPEECH),
                post("/v1/stft?n_fft=" + much, WAV, SPEECH),
                post("/v1/stft", much, SPEECH),
                post("/v1/stft", "audio/" + much, SPEECH),
                post("/v1/stft", "multipart/form-data; x=" + much, SPEECH),
                post("/v1/stft", WAV, SPEECH, "Content-Encoding", much),
                post("/v1/stft", WAV, SPEECH, "Accept", much),
                post("/v1/stft", WAV, SPEECH, "Accept", "audio/" + much),
                post("/v2/models/stft/infer", JSON, text("{}"), "Inference-Header-Content-Length", much))) {
            assertThat(response.statusCode()).isBetween(400, 499);
            assertThat(response.body()).hasSizeLessThan(1500);
        }
    }

    @Test
    void aChunkedBodyBeyondTheLimitIsCutOff() {
        HttpResponse<byte[]> response = stream("/v1/phase", WAV, WavBytes.ofUnknownLength(new byte[3 << 20]));

        assertThat(json(response).get("code").asString()).isEqualTo("too_large");
    }

    @Test
    void anUploadsNameIsNeverAPath() {
        assertThat(postForm("/v1/phase", Map.of("file", SPEECH), Map.of()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aFormThatTheAnswerCannotTakeIsNotAcceptable() {
        HttpResponse<byte[]> response = post("/v1/phase", WAV, SPEECH, "Accept", WAV);

        assertProblem(response, 406, "not_acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/phase", "/v1/reconstruct", "/v1/algorithms", "/v3/api-docs"})
    void moreThanFiftyMediaTypesAreNotAcceptable(String path) {
        String many = "audio/wav,".repeat(51) + "*/*";

        HttpResponse<byte[]> response = path.endsWith("s")
                ? send(HttpRequest.newBuilder(uri(path)).header("Accept", many))
                : post(path, WAV, SPEECH, "Accept", many);

        assertProblem(response, 406, "not_acceptable");
    }

    @Test
    void getIsNotAllowedWhereThereIsWorkToPost() {
        HttpResponse<byte[]> response = get("/v1/stft");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("POST");
    }

    private static Arguments json(String name, String path, String body, int status, String code, String detail) {
        return arguments(name, path, JSON, text(body), status, code, detail);
    }

    private static Arguments npy(String name, String path, byte[] body, int status, String code, String detail) {
        return arguments(name, path, NPY, body, status, code, detail);
    }

    private static byte[] ofFloats(String shape, float... values) {
        return NpyBytes.of("<f4", shape, floats(values));
    }

    private static String fields(String value) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> "\"a" + i + "\":" + value + ",")
                .collect(Collectors.joining("", "{", "\"b\":1}"));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] zipOfZeros(int size) {
        byte[] header = NpyBytes.of("<c8", "(" + size / 8 + ", 1)");
        return NpzBytes.zip(Map.of("spectrogram.npy", Arrays.copyOf(header, header.length + size)));
    }
}
