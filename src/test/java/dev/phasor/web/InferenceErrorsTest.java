package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Bytes;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/**
 * Every way to be wrong at /v2 is {@code {"error": "..."}} with a 4xx, and the text names the field, the rule and the
 * value.
 */
@TestPropertySource(properties = "phasor.limits.max-upload=100KB")
class InferenceErrorsTest extends ServiceTest {

    private static final String GOOD =
            "{'name': 'spectrogram', 'shape': [1, 2, 1, 1], 'datatype': 'FP32', 'data': [1, 1]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400 | the request is not JSON                              | {'inputs': [",
                "400 | the request is not JSON: 'NaN' is no number there   | {'inputs': [{'data': [NaN]}]}",
                "400 | the request must be an object                        | []",
                "400 | the request must be one JSON object, got more        | {'inputs': [G]} xxxx",
                "400 | inputs must be given                                 | {}",
                "400 | inputs must be given                                 | {'inputs': []}",
                "400 | inputs must be a list                                | {'inputs': {}}",
                "400 | inputs[0] must be an object                          | {'inputs': [3]}",
                "400 | inputs of the request must stand once                | {'inputs': [G], 'inputs': [G]}",
                "400 | id must be a string                                  | {'id': 7, 'inputs': [G]}",
                "400 | inputs[0].name must be given                         | {'inputs': [{'shape': [1, 1], 'datatype': 'FP32', 'data': [1]}]}",
                "400 | inputs[0].name must be one of [audio, spectrogram], got sound | {'inputs': [{'name': 'sound', 'shape': [1, 1], 'datatype': 'FP32', 'data': [1]}]}",
                "400 | inputs[0].shape must be given                        | {'inputs': [{'name': 'audio', 'datatype': 'FP32', 'data': [1]}]}",
                "400 | inputs[0].shape[1] must be in 0..                    | {'inputs': [{'name': 'audio', 'shape': [1, -1], 'datatype': 'FP32', 'data': [1]}]}",
                "400 | inputs[0].shape[1] must be a whole number            | {'inputs': [{'name': 'audio', 'shape': [1, 1.5], 'datatype': 'FP32', 'data': [1]}]}",
                "400 | inputs[0].shape[0] must be in 0..                    | {'inputs': [{'name': 'audio', 'shape': [99999999999999999999, 1], 'datatype': 'FP32', 'data': [1]}]}",
                "413 | inputs[0].shape: an array must hold at most          | {'inputs': [{'name': 'audio', 'shape': [2147483647, 2147483647], 'datatype': 'FP32', 'data': [1]}]}",
                "422 | the shape of audio must be [-1, -1]                  | {'inputs': [{'name': 'audio', 'shape': [1], 'datatype': 'FP32', 'data': [1]}]}",
                "422 | the shape of spectrogram must be [-1, 2, -1, -1]     | {'inputs': [{'name': 'spectrogram', 'shape': [1, 3, 1, 1], 'datatype': 'FP32', 'data': [1, 1, 1]}]}",
                "422 | the shape of audio must be                           | {'inputs': [{'name': 'audio', 'shape': [1, 0], 'datatype': 'FP32', 'data': []}]}",
                "400 | inputs[0].datatype must be one of [FP16, BF16, FP32, FP64], got INT32 | {'inputs': [{'name': 'audio', 'shape': [1, 1], 'datatype': 'INT32', 'data': [1]}]}",
                "400 | inputs[0].datatype must be one of                    | {'inputs': [{'name': 'audio', 'shape': [1, 1], 'datatype': 'fp32', 'data': [1]}]}",
                "400 | inputs[0].data must be given                         | {'inputs': [{'name': 'audio', 'shape': [1, 1], 'datatype': 'FP32'}]}",
                "400 | inputs[0].data must be a list of numbers             | {'inputs': [{'name': 'audio', 'shape': [1, 1], 'datatype': 'FP32', 'data': 'x'}]}",
                "400 | inputs[0].data must be a nested list of numbers      | {'inputs': [{'name': 'audio', 'shape': [1, 1], 'datatype': 'FP32', 'data': [true]}]}",
                "400 | inputs[0].data must be rectangular                   | {'inputs': [{'name': 'audio', 'shape': [2, 2], 'datatype': 'FP32', 'data': [[1, 1, 1], [1]]}]}",
                "422 | inputs[0].data must hold 4 numbers                   | {'inputs': [{'name': 'audio', 'shape': [2, 2], 'datatype': 'FP32', 'data': [1, 1, 1]}]}",
                "422 | flat or nested as the shape [1, 4], got [2, 2]       | {'inputs': [{'name': 'audio', 'shape': [1, 4], 'datatype': 'FP32', 'data': [[1, 1], [1, 1]]}]}",
                "422 | spectrogram must be finite                           | {'inputs': [{'name': 'spectrogram', 'shape': [1, 2, 1, 1], 'datatype': 'FP64', 'data': [1e300, 1]}]}",
                "400 | the input spectrogram must be given once             | {'inputs': [G, G]}",
                "400 | the input audio or spectrogram must be given, one of | {'inputs': [G, {'name': 'audio', 'shape': [1, 1], 'datatype': 'FP32', 'data': [1]}]}",
                "400 | Inference-Header-Content-Length must be given        | {'inputs': [{'name': 'audio', 'shape': [1, 1], 'datatype': 'FP32', 'parameters': {'binary_data_size': 4}}]}",
                "400 | inputs[0].parameters.binary_data_size must be a number of bytes, got x | {'inputs': [{'name': 'audio', 'shape': [1, 1], 'datatype': 'FP32', 'parameters': {'binary_data_size': 'x'}}]}",
                "400 | inputs[0].parameters.shared_memory_region must be left out | {'inputs': [{'name': 'audio', 'shape': [1, 1], 'datatype': 'FP32', 'parameters': {'shared_memory_region': 'r'}}]}",
                "400 | outputs[0].name must be one of [phase], got sound    | {'inputs': [G], 'outputs': [{'name': 'sound'}]}",
                "400 | outputs[1].name must be asked for once               | {'inputs': [G], 'outputs': [{'name': 'phase'}, {'name': 'phase'}]}",
                "400 | outputs[0].parameters.classification must be left out | {'inputs': [G], 'outputs': [{'name': 'phase', 'parameters': {'classification': 3}}]}",
                "400 | outputs[0].parameters.shared_memory_region must be left out | {'inputs': [G], 'outputs': [{'name': 'phase', 'parameters': {'shared_memory_region': 'r'}}]}",
                "400 | outputs[0].parameters.binary_data must be true or false, got 1 | {'inputs': [G], 'outputs': [{'name': 'phase', 'parameters': {'binary_data': 1}}]}",
                "400 | parameters.binary_data_output must be true or false  | {'inputs': [G], 'parameters': {'binary_data_output': 'yes'}}",
                "400 | parameters.n_fft must be a string, a number or a boolean | {'inputs': [G], 'parameters': {'n_fft': [4]}}",
                "400 | the name of a parameter of phase must be one of n_fft, | {'inputs': [G], 'parameters': {'n_fft_': 4}}",
                "400 | algorithm must be left out of phase, which uses n_fft, | {'inputs': [G], 'parameters': {'algorithm': 'pghi'}}",
                "400 | (it is of reconstruct, reconstruct_vjp,            | {'inputs': [G], 'parameters': {'n_iter': 9}}",
                "400 | floor must be a finite number                        | {'inputs': [G], 'parameters': {'floor': -1}}",
                "400 | parameters.layout must be subbands                   | {'inputs': [G], 'parameters': {'layout': 'complex'}}",
                "400 | parameters.response_format must be left out          | {'inputs': [G], 'parameters': {'response_format': 'wav'}}",
            })
    void whatIsWrongIsNamed(int status, String message, String body) {
        HttpResponse<byte[]> response = infer("phase", body);

        assertThat(response.statusCode()).as(error(response)).isEqualTo(status);
        assertThat(error(response)).contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/models/nothing",
                "/v2/models/nothing/ready",
                "/v2/models/phase/versions/2",
                "/v2/models/phase/versions/2/ready",
                "/v2/models/phase/versions/latest",
                "/v2/models/nothing/config",
                "/v2/models/phase/versions/2/stats",
                "/v2/nothing"
            })
    void whatIsNotThereIs404(String path) {
        HttpResponse<byte[]> response = get(path);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(error(response)).isNotBlank();
    }

    /** An answer repeats it, and is held until it is read. */
    @Test
    void aLongIdIsRefused() {
        assertThat(error(infer("phase", "{'id': '" + "x".repeat(1025) + "', 'inputs': [G]}")))
                .isEqualTo("id must be at most 1024 characters, got 1025 of them");
    }

    @Test
    void anUnknownModelOrVersionIsNotAskedToInfer() {
        assertThat(error(infer("phases", "{'inputs': [G]}")))
                .startsWith("the model must be one of [stft, mel, mel_vjp, istft, phase,");
        assertThat(error(post("/v2/models/phase/versions/3/infer", JSON, body("{'inputs': [G]}"))))
                .isEqualTo("the version of model phase must be 1, got 3");
    }

    @Test
    void theWrongMethodIs405() {
        HttpResponse<byte[]> response = get("/v2/models/phase/infer");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("POST");
        assertThat(error(response)).isEqualTo("the method must be POST, got GET");
    }

    @Test
    void anOutputThatTheseInputsDoNotHave() {
        String body = "{'inputs': [{'name': 'spectrogram', 'shape': [1, 2, 3, 3], 'datatype': 'FP32', 'data': ["
                + "1, ".repeat(17)
                + "1]}, {'name': 'cotangent', 'shape': [1, 2], 'datatype': 'FP32', 'data': [1, 1]}], "
                + "'parameters': {'hop_length': 1}, 'outputs': [{'name': 'loss'}]}";

        HttpResponse<byte[]> response = infer("reconstruct_vjp", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response))
                .isEqualTo("an output must be one that these inputs have, of [audio, gradient], got loss");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4  | HEADER | Inference-Header-Content-Length must be a whole number in 1..      | 0",
                "4  | HEADER | Inference-Header-Content-Length must be a whole number in 1..      | -3",
                "4  | HEADER | Inference-Header-Content-Length must be a whole number in 1..      | ten",
                "4  | HEADER | Inference-Header-Content-Length must be at most the length of the body | 9999",
                "8  | 8      | inputs[0].parameters.binary_data_size must be 4 for FP32 of shape [1, 1], got 8 | EXACT",
                "3  | 4      | the data of shape [1, 1] must be 4 bytes, got 3                    | EXACT",
                "5  | 4      | the body must be over after the binary data of the inputs          | EXACT",
            })
    void binaryDataMustFit(int present, String declared, String message, String length) {
        String json = "{\"inputs\": [{\"name\": \"audio\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"parameters\": "
                + "{\"binary_data_size\": " + declared.replace("HEADER", "4") + "}}]}";

        HttpResponse<byte[]> response = post(
                "/v2/models/phase/infer",
                "application/octet-stream",
                InferenceBody.join(json, new byte[present]),
                InferenceBody.HEADER_LENGTH,
                length.replace("EXACT", String.valueOf(json.length())));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).contains(message);
    }

    @Test
    void dataBesideBinaryDataIsNotGuessedBetween() {
        String json = "{\"inputs\": [{\"name\": \"audio\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"data\": [1], "
                + "\"parameters\": {\"binary_data_size\": 4}}]}";

        HttpResponse<byte[]> response = post(
                "/v2/models/phase/infer",
                "application/octet-stream",
                InferenceBody.join(json, new byte[4]),
                InferenceBody.HEADER_LENGTH,
                String.valueOf(json.length()));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response))
                .isEqualTo("inputs[0].data must be left out where binary_data_size is given, got both");
    }

    @Test
    void anErrorIsNeverCompressed() {
        HttpResponse<byte[]> response =
                post("/v2/models/phase/infer", JSON, body("{}"), "Accept-Encoding", "gzip, deflate");

        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(error(response)).startsWith("inputs must be given");
    }

    @Test
    void anUnknownCodingIs415AndABrokenOneIs400() {
        byte[] body = body("{'inputs': [G]}");

        HttpResponse<byte[]> unknown = post("/v2/models/phase/infer", JSON, body, "Content-Encoding", "br");
        HttpResponse<byte[]> broken = post("/v2/models/phase/infer", JSON, body, "Content-Encoding", "gzip");

        assertThat(unknown.statusCode()).isEqualTo(415);
        assertThat(error(unknown)).isEqualTo("Content-Encoding must be gzip, deflate or identity, got br");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(error(broken)).isNotBlank();
    }

    @Test
    void severalCodingsAndACutOneAreRefused() throws IOException {
        byte[] zipped = Bytes.gzip(body("{'inputs': [G]}"));
        byte[] cut = Arrays.copyOf(zipped, zipped.length - 4);

        HttpResponse<byte[]> several = post(
                "/v2/models/phase/infer", JSON, zipped, "Content-Encoding", "identity", "Content-Encoding", "gzip");
        HttpResponse<byte[]> end = post("/v2/models/phase/infer", JSON, cut, "Content-Encoding", "gzip");

        assertThat(several.statusCode()).isEqualTo(415);
        assertThat(error(several)).endsWith("got identity, gzip");
        assertThat(end.statusCode()).isEqualTo(400);
        assertThat(error(end)).startsWith("the request body cannot be read to its end");
    }

    @Test
    void aBodyIsTooLargeByItsDecompressedSize() throws IOException {
        byte[] spaces = " ".repeat(200_000).getBytes(StandardCharsets.US_ASCII);

        HttpResponse<byte[]> plain = post("/v2/models/phase/infer", JSON, spaces);
        HttpResponse<byte[]> zipped =
                post("/v2/models/phase/infer", JSON, Bytes.gzip(spaces), "Content-Encoding", "gzip");

        assertThat(plain.statusCode()).isEqualTo(413);
        assertThat(error(plain)).contains("phasor.limits.max-upload");
        assertThat(zipped.statusCode()).isEqualTo(413);
        assertThat(error(zipped)).contains("phasor.limits.max-upload");
    }

    /** What is many times its bytes in memory, so that a body of 256 MB would be too much for any heap. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "inputs must be at most 256 in number | {'inputs': [# E]}       | {'name': 'a', 'shape': [], 'datatype': 'FP32', 'data': []},",
                "outputs must be at most 256 in number | {'outputs': [# E]}      | {'name': 'a'},",
                "the fields and elements of the request must be at most 2048 | {'inputs': [# E]} | {'name': 'a', 'shape': [1,1,1,1,1,1,1,1], 'datatype': 'FP32', 'parameters': {'a': 1}},",
                "inputs[0].shape must be at most 256 in number | {'inputs': [{'shape': [# 1]}]} | 1,",
                "fields of parameters must be at most 256 in number | {'parameters': {# 'x': 1}} | 'a@': 1,",
                "fields of the request must be at most 256 in number | {# 'x': 1}              | 'a@': 1,",
                "names that the protocol does not have must be at most 256 in number | {'x': [# {}]}           | {'a@': 1},"
            })
    void whatIsManyIsRefusedEarly(String message, String frame, String many) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            all.append(many.replace("@", String.valueOf(i)));
        }

        HttpResponse<byte[]> response = infer("phase", frame.replace("#", all).replace("E", "{'name': 'b'}"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).isEqualTo(message + ", got more");
    }

    @Test
    void problemsOfV1StayProblems() {
        HttpResponse<byte[]> response =
                send(HttpRequest.newBuilder(uri("/v1/nothing")).GET());

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    /** The error's text; that it is the only field, and JSON, is asserted on the way. */
    private String error(HttpResponse<byte[]> response) {
        assertThat(response.headers().firstValue("Content-Type")).hasValue(JSON);
        JsonNode body = json(response);
        assertThat(body.propertyNames()).containsExactly("error");
        return body.get("error").asString();
    }

    private HttpResponse<byte[]> infer(String model, String body) {
        return post("/v2/models/" + model + "/infer", JSON, body(body));
    }

    /** G stands for {@link #GOOD}. */
    private static byte[] body(String quoted) {
        return quoted.replace("[G", "[" + GOOD)
                .replace(", G]", ", " + GOOD + "]")
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8);
    }
}
