package dev.phasor.web;

import static dev.phasor.Bytes.doubles;
import static dev.phasor.Bytes.floats;
import static dev.phasor.web.InferenceBody.HEADER_LENGTH;
import static dev.phasor.web.InferenceBody.data;
import static dev.phasor.web.InferenceBody.header;
import static dev.phasor.web.InferenceBody.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;

/** The Open Inference Protocol at /v2, sentence by sentence of its text; the numbers are /v1's. */
class InferenceTest extends ServiceTest {

    private static final String OCTETS = "application/octet-stream";

    /** Two bins and three frames: real parts, then imaginary ones; the origin, a hazard and plain values. */
    private static final float[] Z = {0, 1e-20f, 3, -1, 2, 1, 0, 1e-20f, 4, 0, -2, 1};

    private static final String Z_SHAPE = "\"shape\": [1, 2, 2, 3], \"datatype\": \"FP32\"";

    private static final String Z_INPUT =
            "\"inputs\": [{\"name\": \"spectrogram\", " + Z_SHAPE + ", \"data\": " + Arrays.toString(Z) + "}]";

    private static final float[] AUDIO = {0, 0.5f, 0.25f, -0.5f, 1, -1, 0.125f, 0, 0.75f, 0.5f, -0.25f, 0};

    private static final String TRANSFORM = "\"parameters\": {\"n_fft\": 4, \"hop_length\": 1}";

    @Autowired
    private ApplicationContext context;

    // ---------- health and metadata

    @Test
    void serverMetadataNamesTheExtension() {
        JsonNode server = json(get("/v2"));

        assertThat(server.get("name").asString()).isEqualTo("phasor");
        assertThat(server.get("version").isString()).isTrue();
        assertThat(server.get("extensions").get(0).asString()).isEqualTo("binary_tensor_data");
    }

    @Test
    void liveAndReadyAreTrue() {
        assertThat(text(get("/v2/health/live"))).isEqualTo("{\"live\":true}");
        assertThat(text(get("/v2/health/ready"))).isEqualTo("{\"ready\":true}");
        assertThat(text(get("/v2/models/istft/ready"))).isEqualTo("{\"name\":\"istft\",\"ready\":true}");
        assertThat(text(get("/v2/models/istft/versions/1/ready"))).isEqualTo("{\"name\":\"istft\",\"ready\":true}");
    }

    @Test
    void aServiceThatGoesDownIsNotReady() {
        AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
        try {
            assertThat(get("/v2/health/ready").statusCode()).isEqualTo(503);
            assertThat(text(get("/v2/health/ready"))).isEqualTo("{\"ready\":false}");
            assertThat(text(get("/v2/models/stft/ready"))).isEqualTo("{\"name\":\"stft\",\"ready\":false}");
            assertThat(text(get("/v2/health/live"))).isEqualTo("{\"live\":true}");
        } finally {
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
        }
    }

    @Test
    void modelMetadataHasNamesDatatypesAndShapes() {
        HttpResponse<byte[]> response = get("/v2/models/phase_vjp");

        assertThat(response.headers().firstValue("Content-Type")).hasValue(JSON);
        assertThat(text(response))
                .isEqualTo("{\"name\":\"phase_vjp\",\"versions\":[\"1\"],\"platform\":\"phasor\",\"inputs\":["
                        + "{\"name\":\"spectrogram\",\"datatype\":\"FP32\",\"shape\":[-1,2,-1,-1]},"
                        + "{\"name\":\"cotangent\",\"datatype\":\"FP32\",\"shape\":[-1,-1,-1]}],\"outputs\":["
                        + "{\"name\":\"gradient\",\"datatype\":\"FP32\",\"shape\":[-1,2,-1,-1]}]}");
        assertThat(text(get("/v2/models/phase_vjp/versions/1"))).isEqualTo(text(response));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stft",
                "mel",
                "mel_vjp",
                "istft",
                "phase",
                "phase_vjp",
                "reconstruct",
                "reconstruct_vjp",
                "stretch",
                "separate",
                "separate_vjp"
            })
    void everyModelIsThere(String model) {
        JsonNode metadata = json(get("/v2/models/" + model));

        assertThat(metadata.get("name").asString()).isEqualTo(model);
        assertThat(metadata.get("inputs")).isNotEmpty();
        assertThat(metadata.get("outputs")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stft",
                "mel",
                "mel_vjp",
                "istft",
                "phase",
                "phase_vjp",
                "reconstruct",
                "reconstruct_vjp",
                "stretch",
                "separate",
                "separate_vjp"
            })
    void thePageNamesEveryTensorOfAModel(String model) throws IOException {
        String row = Files.readString(Path.of("docs", "inference-protocol.md"))
                .lines()
                .filter(line -> line.startsWith("| `" + model + "` |"))
                .findFirst()
                .orElseThrow();
        String[] cells = row.split(" \\| ");
        JsonNode metadata = json(get("/v2/models/" + model));

        assertThat(metadata.get("inputs"))
                .allMatch(tensor -> cells[1].contains("`" + tensor.get("name").asString() + "`"));
        assertThat(metadata.get("outputs"))
                .allMatch(tensor -> cells[2].contains("`" + tensor.get("name").asString() + "`"));
    }

    // ---------- JSON data

    @Test
    void flatAndNestedDataAreTheSameTensor() {
        String flat = "{" + Z_INPUT + "}";
        String nested = "{\"inputs\": [{\"data\": [[[[0, 1e-20, 3], [-1, 2, 1]], [[0, 1e-20, 4], [0, -2, 1]]]], "
                + "\"name\": \"spectrogram\", " + Z_SHAPE + "}]}";

        JsonNode answer = json(ok(infer("phase", flat)));

        assertThat(answer.get("model_name").asString()).isEqualTo("phase");
        assertThat(answer.get("model_version").asString()).isEqualTo("1");
        assertThat(answer.has("id")).isFalse();
        JsonNode phase = answer.at("/outputs/0");
        assertThat(phase.propertyNames()).containsExactly("name", "datatype", "shape", "data");
        assertThat(phase.get("name").asString()).isEqualTo("phase");
        assertThat(phase.get("datatype").asString()).isEqualTo("FP32");
        assertThat(phase.get("shape").toString()).isEqualTo("[1,2,3]");
        assertThat(numbers(phase.get("data"))).containsExactly(phases());
        assertThat(json(ok(infer("phase", nested))).at("/outputs/0/data")).isEqualTo(phase.get("data"));
    }

    @Test
    void theIdIsSaidBackAndUnknownFieldsArePassedOver() {
        String body =
                "{\"model_name\": \"phase\", \"id\": \"a \\\"7\\\"\", \"extra\": [{\"a\": {}}], \"outputs\": null, "
                        + "\"inputs\": [{\"name\": \"spectrogram\", " + Z_SHAPE + ", \"data\": " + Arrays.toString(Z)
                        + "}]}";

        assertThat(json(ok(infer("phase", body))).get("id").asString()).isEqualTo("a \"7\"");
    }

    @Test
    void aVersionMayBeNamed() {
        String body = "{\"inputs\": [" + audio("\"data\": " + Arrays.toString(AUDIO)) + "], " + TRANSFORM + "}";

        HttpResponse<byte[]> response = post("/v2/models/stft/versions/1/infer", JSON, body.getBytes());

        assertThat(json(ok(response)).at("/outputs/0/shape").toString()).isEqualTo("[1,2,3,13]");
    }

    @Test
    void theReportIsTheAnswersParametersAndThoseAreScalars() {
        String body = "{\"inputs\": [" + audio("\"data\": " + Arrays.toString(AUDIO)) + "], " + TRANSFORM + "}";

        JsonNode parameters = json(ok(infer("reconstruct", body))).get("parameters");

        assertThat(parameters.get("algorithm").asString()).isEqualTo("istft");
        assertThat(parameters.get("n_fft").asInt()).isEqualTo(4);
        assertThat(parameters.get("spectral_convergence_db").asString()).startsWith("[");
        assertThat(parameters).allMatch(JsonNode::isValueNode);
    }

    @Test
    void whatSchedulersAreToldChangesNothing() {
        String body = "{" + Z_INPUT
                + ", \"parameters\": {\"sequence_id\": 7, \"sequence_start\": true, \"sequence_end\": false, "
                + "\"priority\": 1, \"timeout\": 1000, \"layout\": \"subbands\"}}";

        assertThat(numbers(json(ok(infer("phase", body))).at("/outputs/0/data")))
                .containsExactly(phases());
    }

    // ---------- the numbers are /v1's

    @Test
    void stftAndItsInverseAreThoseOfV1() {
        String nested = "[" + Arrays.toString(AUDIO) + "]";
        String v1 = "{\"audio\": " + nested + ", \"n_fft\": 4, \"hop_length\": 1, \"layout\": \"subbands\"}";
        String v2 = "{\"inputs\": [" + audio("\"data\": " + nested) + "], " + TRANSFORM + "}";

        JsonNode expected = json(post("/v1/stft", JSON, v1.getBytes(), "Accept", JSON));
        JsonNode spectrogram = json(ok(infer("stft", v2))).at("/outputs/0");

        assertThat(numbers(spectrogram.get("data"))).containsExactly(numbers(expected.get("spectrogram")));

        String back = "{\"inputs\": [{\"name\": \"spectrogram\", \"datatype\": \"FP32\", \"shape\": "
                + spectrogram.get("shape") + ", \"data\": " + spectrogram.get("data") + "}], " + TRANSFORM + "}";
        float[] samples = numbers(json(ok(infer("istft", back))).at("/outputs/0/data"));
        assertThat(samples).hasSize(AUDIO.length);
        for (int i = 0; i < samples.length; i++) {
            assertThat(samples[i]).isCloseTo(AUDIO[i], within(1e-6f));
        }
    }

    @Test
    void aTrainingStepIsThatOfV1() {
        String z = "[[[[0, 1, 3], [-1, 2, 1], [1, 0, 1]], [[0, 0, 0], [0, -2, 1], [0, 0, 0]]]]";
        String v1 = "{\"spectrogram\": " + z + ", \"target\": [[1, 0]], \"layout\": \"subbands\", \"loss\": \"mse\", "
                + "\"hop_length\": 1}";
        String v2 =
                "{\"inputs\": [{\"name\": \"spectrogram\", \"datatype\": \"FP32\", \"shape\": [1, 2, 3, 3], \"data\": "
                        + z
                        + "}, {\"name\": \"target\", \"datatype\": \"FP64\", \"shape\": [1, 2], \"data\": [1, 0]}], "
                        + "\"parameters\": {\"loss\": \"mse\", \"hop_length\": 1}, "
                        + "\"outputs\": [{\"name\": \"gradient\"}, {\"name\": \"loss\"}]}";

        JsonNode expected = json(post("/v1/reconstruct/vjp", JSON, v1.getBytes(), "Accept", JSON));
        JsonNode outputs = json(ok(infer("reconstruct_vjp", v2))).get("outputs");

        assertThat(outputs).hasSize(2);
        assertThat(outputs.at("/0/name").asString()).isEqualTo("gradient");
        assertThat(outputs.at("/0/shape").toString()).isEqualTo("[1,2,3,3]");
        assertThat(numbers(outputs.at("/0/data"))).containsExactly(numbers(expected.get("gradient")));
        assertThat(outputs.at("/1/shape").toString()).isEqualTo("[1]");
        assertThat(outputs.at("/1/data/0").floatValue())
                .isEqualTo(expected.get("loss").floatValue());
    }

    // ---------- binary data

    @Test
    void binaryDataInAndOutByteForByte() {
        String json = "{\"id\": \"7\", \"inputs\": [{\"name\": \"spectrogram\", " + Z_SHAPE
                + ", \"parameters\": {\"binary_data_size\": 48}}], \"outputs\": [{\"name\": \"phase\", "
                + "\"parameters\": {\"binary_data\": true}}]}";

        HttpResponse<byte[]> response = ok(binary("phase", json, floats(Z)));

        byte[] body = response.body();
        assertThat(response.headers().firstValue("Content-Type")).hasValue(OCTETS);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(body.length);
        JsonNode header = header(response, body);
        assertThat(header.get("id").asString()).isEqualTo("7");
        assertThat(header.get("outputs").toString())
                .isEqualTo("[{\"name\":\"phase\",\"datatype\":\"FP32\",\"shape\":[1,2,3],"
                        + "\"parameters\":{\"binary_data_size\":24}}]");
        assertThat(data(response, body)).isEqualTo(floats(phases()));
    }

    /** As Triton's Python client asks where no outputs are named. */
    @Test
    void allOutputsAreBinaryWhereTheRequestSaysSo() {
        String json = "{" + Z_INPUT + ", \"parameters\": {\"binary_data_output\": true}}";

        HttpResponse<byte[]> response = ok(infer("phase", json));

        assertThat(data(response, response.body())).isEqualTo(floats(phases()));
    }

    @Test
    void anOutputsOwnWordOverridesTheRequests() {
        String json = "{" + Z_INPUT + ", \"parameters\": {\"binary_data_output\": true}, "
                + "\"outputs\": [{\"name\": \"phase\", \"parameters\": {\"binary_data\": false}}]}";

        HttpResponse<byte[]> response = ok(infer("phase", json));

        assertThat(response.headers().firstValue(HEADER_LENGTH)).isEmpty();
        assertThat(response.headers().firstValue("Content-Type")).hasValue(JSON);
        assertThat(numbers(json(response).at("/outputs/0/data"))).containsExactly(phases());
    }

    @Test
    void jsonAndBinaryMayStandSideBySideBothWays() {
        float[] target = {1, 0};
        String json = "{\"inputs\": ["
                + "{\"name\": \"target\", \"datatype\": \"FP32\", \"shape\": [1, 2], \"parameters\": {\"binary_data_size\": 8}}, "
                + "{\"name\": \"magnitude\", \"datatype\": \"FP32\", \"shape\": [1, 2, 3], \"data\": [1, 1, 1, 1, 1, 1]}, "
                + "{\"name\": \"spectrogram\", " + Z_SHAPE + ", \"parameters\": {\"binary_data_size\": 48}}], "
                + "\"parameters\": {\"loss\": \"l1\", \"hop_length\": 1, \"binary_data_output\": true}, "
                + "\"outputs\": [{\"name\": \"magnitude_gradient\"}, "
                + "{\"name\": \"loss\", \"parameters\": {\"binary_data\": false}}, {\"name\": \"audio\"}]}";
        String allJson = json.replace("\"parameters\": {\"binary_data_size\": 8}", "\"data\": [1, 0]")
                .replace("\"parameters\": {\"binary_data_size\": 48}", "\"data\": " + Arrays.toString(Z))
                .replace(", \"binary_data_output\": true", "");

        HttpResponse<byte[]> response = ok(binary("reconstruct_vjp", json, floats(target), floats(Z)));
        JsonNode expected = json(ok(infer("reconstruct_vjp", allJson))).get("outputs");

        JsonNode outputs = header(response, response.body()).get("outputs");
        assertThat(outputs.at("/1")).isEqualTo(expected.get(1));
        assertThat(outputs.at("/0/parameters/binary_data_size").asInt()).isEqualTo(24);
        assertThat(data(response, response.body()))
                .isEqualTo(join("", floats(numbers(expected.at("/0/data"))), floats(numbers(expected.at("/2/data")))));
    }

    @Test
    void fp16AndFp64AreRead() {
        byte[] halves = {0x00, 0x3c, 0x00, (byte) 0xc0, 0x00, 0x38, 0x01, 0x00}; // 1, -2, 0.5, 2^-24
        byte[] doubles = doubles(1, -2, 0.5, 0x1p-24);
        String json = "{\"inputs\": [{\"name\": \"spectrogram\", \"shape\": [1, 2, 2, 1], \"datatype\": \"%s\", "
                + "\"parameters\": {\"binary_data_size\": %d}}]}";
        float[] expected = {(float) Math.atan2(0.5, 1), (float) Math.atan2(0x1p-24, -2)};

        for (HttpResponse<byte[]> response : List.of(
                binary("phase", json.formatted("FP16", 8), halves),
                binary("phase", json.formatted("FP64", 32), doubles))) {
            float[] phase = numbers(json(ok(response)).at("/outputs/0/data"));
            assertThat(phase[0]).isCloseTo(expected[0], within(Math.ulp(expected[0])));
            assertThat(phase[1]).isCloseTo(expected[1], within(Math.ulp(expected[1])));
        }
    }

    @Test
    void aLongTensorComesThroughUnharmed() {
        float[] sweep = new float[100_003];
        for (int i = 0; i < sweep.length; i++) {
            sweep[i] = (float) Math.sin(i * 0.01) * 0.5f;
        }
        String json = "{\"inputs\": [{\"name\": \"audio\", \"shape\": [1, 100003], \"datatype\": \"FP32\", "
                + "\"parameters\": {\"binary_data_size\": 400012}}], \"parameters\": {\"binary_data_output\": true}}";

        HttpResponse<byte[]> response = ok(binary("reconstruct", json, floats(sweep)));

        float[] back = Bytes.toFloats(data(response, response.body()));
        assertThat(back).hasSize(sweep.length);
        for (int i = 0; i < back.length; i++) {
            assertThat(Math.abs(back[i] - sweep[i])).isLessThan(1e-6f);
        }
    }

    // ---------- compression

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void bodiesMayBeCompressedBothWays(String coding) throws IOException {
        String json = "{\"inputs\": [{\"name\": \"spectrogram\", " + Z_SHAPE
                + ", \"parameters\": {\"binary_data_size\": 48}}], \"parameters\": {\"binary_data_output\": true}}";
        byte[] plainBody = join(json, floats(Z));
        byte[] compressed = coding.equals("gzip") ? Bytes.gzip(plainBody) : Bytes.deflate(plainBody);

        HttpResponse<byte[]> response = ok(post(
                "/v2/models/phase/infer",
                OCTETS,
                compressed,
                HEADER_LENGTH,
                String.valueOf(json.length()),
                "Content-Encoding",
                coding,
                "Accept-Encoding",
                coding));

        assertThat(response.headers().firstValue("Content-Encoding")).hasValue(coding);
        byte[] plain = decompress(coding, response.body());
        // The length is that of the JSON before it was compressed.
        assertThat(header(response, plain)
                        .at("/outputs/0/parameters/binary_data_size")
                        .asInt())
                .isEqualTo(24);
        assertThat(data(response, plain)).isEqualTo(floats(phases()));
    }

    @Test
    void theCodingIsTheClientsFavourite() {
        String json = "{" + Z_INPUT + "}";

        assertThat(coding(json, "gzip;q=0.5, deflate")).isEqualTo("deflate");
        assertThat(coding(json, "br, gzip")).isEqualTo("gzip");
        assertThat(coding(json, "identity, gzip;q=0.1")).isEmpty();
        assertThat(coding(json, "gzip;q=0")).isEmpty();
        assertThat(coding(json, "br")).isEmpty();
    }

    private String coding(String json, String accepted) {
        return ok(post("/v2/models/phase/infer", JSON, json.getBytes(), "Accept-Encoding", accepted))
                .headers()
                .firstValue("Content-Encoding")
                .orElse("");
    }

    private static byte[] decompress(String coding, byte[] compressed) throws IOException {
        var in = new ByteArrayInputStream(compressed);
        try (var unzipped = coding.equals("gzip") ? new GZIPInputStream(in) : new InflaterInputStream(in)) {
            return unzipped.readAllBytes();
        }
    }

    // ---------- how requests are made here

    private HttpResponse<byte[]> infer(String model, String json) {
        return post("/v2/models/" + model + "/infer", JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<byte[]> binary(String model, String json, byte[]... data) {
        return post(
                "/v2/models/" + model + "/infer",
                OCTETS,
                join(json, data),
                HEADER_LENGTH,
                String.valueOf(json.getBytes(StandardCharsets.UTF_8).length));
    }

    static HttpResponse<byte[]> ok(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        return response;
    }

    private static String audio(String data) {
        return "{\"name\": \"audio\", \"shape\": [1, " + AUDIO.length + "], \"datatype\": \"FP32\", " + data + "}";
    }

    /** The numbers of lists in lists, in order. */
    static float[] numbers(JsonNode lists) {
        List<Float> numbers = new ArrayList<>();
        collect(lists, numbers);
        float[] flat = new float[numbers.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = numbers.get(i);
        }
        return flat;
    }

    private static void collect(JsonNode node, List<Float> numbers) {
        if (node.isArray()) {
            node.forEach(child -> collect(child, numbers));
        } else {
            numbers.add(Float.parseFloat(node.toString()));
        }
    }

    /** What /v1 says of {@link #Z}. */
    private float[] phases() {
        String body = "{\"spectrogram\": [[[[0, 1e-20, 3], [-1, 2, 1]], [[0, 1e-20, 4], [0, -2, 1]]]], "
                + "\"layout\": \"subbands\"}";
        return numbers(
                json(post("/v1/phase", JSON, body.getBytes(), "Accept", JSON)).get("phase"));
    }
}
