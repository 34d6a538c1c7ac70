package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Recordings;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
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
        byte[] nan = npy("<f4", "(2,)", floats(0, Float.NaN));
        byte[] ones = npy("<f4", "(4,)", floats(1, 1, 1, 1));
        return Stream.of(
                wrong("not a WAV", "/v1/stft", WAV, text("hello"), 400, "malformed_wav", "RIFF"),
                wrong("nothing at all", "/v1/stft", WAV, new byte[0], 400, "malformed_wav", ""),
                wrong("a truncated WAV", "/v1/stft", WAV, Arrays.copyOf(SPEECH, 9999), 400, "malformed_wav", "data"),
                wrong("a truncated header", "/v1/stft", WAV, Arrays.copyOf(SPEECH, 30), 400, "malformed_wav", ""),
                wrong("0 channels", "/v1/stft", WAV, patched(22, 0), 400, "malformed_wav", "channels"),
                wrong("a header larger than the body", "/v1/stft", WAV, patched(41, 0x7f), 400, "malformed_wav", ""),
                wrong("NaN samples", "/v1/stft", NPY, nan, 422, "non_finite_input", "[1]"),
                wrong(
                        "infinite as float32",
                        "/v1/phase",
                        NPY,
                        npy("<f8", "(1,)", doubles(1e300)),
                        422,
                        "non_finite_input",
                        ""),
                wrong("no samples", "/v1/stft", NPY, npy("<f4", "(0,)", new byte[0]), 422, "shape_mismatch", "sample"),
                wrong("an NPY of no shape", "/v1/stft", NPY, npy("<f4", "()", floats(1)), 422, "shape_mismatch", ""),
                wrong(
                        "a shape that overflows",
                        "/v1/stft",
                        NPY,
                        npy("<f4", "(4294967296, 4294967296)", floats(1)),
                        400,
                        "",
                        ""),
                wrong(
                        "a shape that lies",
                        "/v1/stft",
                        NPY,
                        npy("<f4", "(1000000,)", floats(1)),
                        400,
                        "malformed_npy",
                        ""),
                wrong("a negative shape", "/v1/stft", NPY, npy("<f4", "(-4,)", floats(1)), 400, "malformed_npy", ""),
                wrong("an object array", "/v1/stft", NPY, npy("|O", "(1,)", text("pickle")), 400, "malformed_npy", ""),
                wrong("a pickle", "/v1/stft", NPY, text("\u0080\u0004\u0095"), 400, "malformed_npy", ""),
                wrong(
                        "a decoded size beyond the limit",
                        "/v1/stft",
                        NPY,
                        npy("<f4", "(3000000,)", floats(1)),
                        413,
                        "too_large",
                        ""),
                wrong("a zip bomb", "/v1/phase/vjp", NPZ, zipOfZeros(200 << 20), 413, "too_large", ""),
                wrong("a broken zip", "/v1/phase/vjp", NPZ, text("PK\u0003\u0004"), 400, "malformed_npz", ""),
                wrong("half an object", "/v1/stft", JSON, text("{\"audio\": [1, 2"), 400, "malformed_json", ""),
                wrong(
                        "many fields",
                        "/v1/stft",
                        JSON,
                        text(IntStream.range(0, 1000)
                                .mapToObj(i -> "\"a" + i + "\":[],")
                                .collect(Collectors.joining("", "{", "\"b\":1}"))),
                        400,
                        "malformed_json",
                        "at most 256 fields"),
                wrong(
                        "many fields of nothing",
                        "/v1/stft",
                        JSON,
                        text(IntStream.range(0, 1000)
                                .mapToObj(i -> "\"a" + i + "\":null,")
                                .collect(Collectors.joining("", "{", "\"b\":1}"))),
                        400,
                        "malformed_json",
                        "at most 256 fields"),
                wrong(
                        "a part of a complex value that there is not",
                        "/v1/istft",
                        JSON,
                        text("{\"spectrogram\": {\"real\": [[0]], \"0\": [" + "[],".repeat(100) + " this is not read"),
                        400,
                        "malformed_json",
                        "spectrogram must hold real and imag, each once, got 0"),
                wrong(
                        "a part of a complex value twice",
                        "/v1/istft",
                        JSON,
                        text("{\"spectrogram\": {\"real\": [[0]], \"real\": [[0]], \"imag\": [[0]]}}"),
                        400,
                        "malformed_json",
                        "each once, got real"),
                wrong(
                        "half a complex value",
                        "/v1/istft",
                        JSON,
                        text("{\"spectrogram\": {\"real\": [[0]]}}"),
                        400,
                        "malformed_json",
                        "spectrogram must hold real and imag"),
                wrong(
                        "half a character",
                        "/v1/stft",
                        JSON,
                        text("{\"audio\": [0], \"window\": \"\\ud800\"}"),
                        400,
                        "bad_parameter",
                        "got ?"),
                wrong("NaN in JSON", "/v1/stft", JSON, text("{\"audio\": [NaN]}"), 400, "malformed_json", ""),
                wrong("1e999 in JSON", "/v1/stft", JSON, text("{\"audio\": [1e999]}"), 422, "non_finite_input", "[0]"),
                wrong(
                        "a ragged list",
                        "/v1/stft",
                        JSON,
                        text("{\"audio\": [[1, 2], [3]]}"),
                        400,
                        "malformed_json",
                        "rectangular"),
                wrong(
                        "deep nesting",
                        "/v1/stft",
                        JSON,
                        text("{\"audio\": " + "[".repeat(100_000)),
                        400,
                        "malformed_json",
                        "axes"),
                wrong("a string for a list", "/v1/stft", JSON, text("{\"audio\": \"x\"}"), 400, "bad_parameter", ""),
                wrong("nothing to work on", "/v1/stft", JSON, text("{}"), 400, "bad_parameter", ""),
                wrong("n_fft=0", "/v1/stft?n_fft=0", NPY, ones, 400, "bad_parameter", "n_fft must be"),
                wrong(
                        "n_fft beyond the limit",
                        "/v1/stft?n_fft=65537",
                        NPY,
                        ones,
                        400,
                        "bad_parameter",
                        "2..65536, got 65537"),
                wrong("n_fft is no number", "/v1/stft?n_fft=many", NPY, ones, 400, "bad_parameter", "got many"),
                wrong("hop_length=0", "/v1/stft?hop_length=0", NPY, ones, 400, "bad_parameter", "hop_length"),
                wrong(
                        "win_length beyond n_fft",
                        "/v1/stft?n_fft=4&win_length=5",
                        NPY,
                        ones,
                        400,
                        "bad_parameter",
                        "win_length"),
                wrong("an unknown window", "/v1/stft?window=hat", NPY, ones, 400, "bad_parameter", "hann"),
                wrong(
                        "what is called something else",
                        "/v1/stft?input=magnitude",
                        NPY,
                        ones,
                        400,
                        "bad_parameter",
                        "input must be audio"),
                wrong(
                        "a sound called a spectrogram",
                        "/v1/phase?input=spectrogram",
                        WAV,
                        SPEECH,
                        400,
                        "bad_parameter",
                        "input must be audio"),
                wrong("a misspelt parameter", "/v1/stft?n_ftt=512", NPY, ones, 400, "bad_parameter", "n_ftt"),
                wrong(
                        "fewer samples than n_fft",
                        "/v1/stft?n_fft=8&center=false",
                        NPY,
                        ones,
                        422,
                        "shape_mismatch",
                        "n_fft"),
                wrong(
                        "no inverse",
                        "/v1/reconstruct?n_fft=4&hop_length=4&response_format=npy",
                        NPY,
                        npy("<f4", "(8,)", floats(1, 1, 1, 1, 1, 1, 1, 1)),
                        422,
                        "nola",
                        "hop_length"),
                wrong(
                        "no rate for a WAV",
                        "/v1/istft",
                        NPY,
                        npy("<c8", "(3, 4)", new byte[96]),
                        400,
                        "bad_parameter",
                        "sample_rate"),
                wrong(
                        "bins of another n_fft",
                        "/v1/istft?n_fft=8",
                        NPY,
                        npy("<c8", "(3, 4)", new byte[96]),
                        422,
                        "shape_mismatch",
                        "bins"),
                wrong("real where complex is due", "/v1/istft", NPY, ones, 422, "shape_mismatch", "complex"),
                wrong(
                        "no cotangent",
                        "/v1/phase/vjp",
                        NPY,
                        npy("<c8", "(3, 4)", new byte[96]),
                        400,
                        "bad_parameter",
                        "cotangent"),
                wrong(
                        "a negative floor",
                        "/v1/phase/vjp?floor=-1",
                        NPY,
                        npy("<c8", "(3, 4)", new byte[96]),
                        400,
                        "bad_parameter",
                        ""),
                wrong("a body beyond the limit", "/v1/stft", WAV, new byte[3 << 20], 413, "too_large", "2097152"),
                wrong("a type that is none", "/v1/stft", "x", ones, 415, "unsupported_media_type", ""),
                wrong("text", "/v1/stft", "text/plain", ones, 415, "unsupported_media_type", "audio/wav"),
                wrong(
                        "what curl sends by itself",
                        "/v1/stft",
                        "application/x-www-form-urlencoded",
                        ones,
                        415,
                        "unsupported_media_type",
                        "Content-Type"),
                wrong(
                        "a broken multipart",
                        "/v1/stft",
                        "multipart/form-data",
                        text("--"),
                        400,
                        "malformed_multipart",
                        ""),
                wrong("an endpoint that is none", "/v1/nothing", NPY, ones, 404, "not_found", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void isToldWhatIsWrong(String name, String path, String type, byte[] body, int status, String code, String detail) {
        HttpResponse<byte[]> response = post(path, type, body);

        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
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
        byte[] riff = Arrays.copyOf(SPEECH, 3 << 20);
        Arrays.fill(riff, 40, 44, (byte) 0xff);
        HttpRequest.Builder chunked = HttpRequest.newBuilder(uri("/v1/stft"))
                .header("Content-Type", WAV)
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(riff)));

        assertThat(json(send(chunked)).get("code").asString()).isEqualTo("too_large");
    }

    @Test
    void anUploadsNameIsNeverAPath() {
        assertThat(postForm("/v1/phase", Map.of("file", SPEECH), Map.of()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aFormThatTheAnswerCannotTakeIsNotAcceptable() {
        HttpResponse<byte[]> response = post("/v1/phase", WAV, SPEECH, "Accept", WAV);

        assertThat(response.statusCode()).isEqualTo(406);
        assertThat(json(response).get("code").asString()).isEqualTo("not_acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/phase", "/v1/reconstruct", "/v1/algorithms", "/v3/api-docs"})
    void moreThanFiftyMediaTypesAreNotAcceptable(String path) {
        String many = "audio/wav,".repeat(51) + "*/*";

        HttpResponse<byte[]> response = path.endsWith("s")
                ? send(HttpRequest.newBuilder(uri(path)).header("Accept", many))
                : post(path, WAV, SPEECH, "Accept", many);

        assertThat(response.statusCode()).isEqualTo(406);
        assertThat(json(response).get("code").asString()).isEqualTo("not_acceptable");
    }

    @Test
    void getIsNotAllowedWhereThereIsWorkToPost() {
        HttpResponse<byte[]> response = get("/v1/stft");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("POST");
    }

    private static Arguments wrong(
            String name, String path, String type, byte[] body, int status, String code, String detail) {
        return Arguments.of(name, path, type, body, status, code, detail);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] doubles(double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return bytes.array();
    }

    private static byte[] npy(String type, String shape, byte[] data) {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
        ByteBuffer bytes =
                ByteBuffer.allocate(10 + header.length() + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(text("\u0093NUMPY\u0001\u0000"))
                .putShort((short) header.length())
                .put(text(header))
                .put(data);
        return bytes.array();
    }

    private static byte[] patched(int position, int value) {
        byte[] wav = SPEECH.clone();
        wav[position] = (byte) value;
        return wav;
    }

    private static byte[] zipOfZeros(int size) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("spectrogram.npy"));
            zip.write(npy("<c8", "(" + size / 8 + ", 1)", new byte[0]));
            zip.write(new byte[size]);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
