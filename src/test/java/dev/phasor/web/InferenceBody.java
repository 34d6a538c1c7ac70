package dev.phasor.web;

import dev.phasor.Bytes;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bodies of the binary tensor data extension, made and taken apart by the protocol's text alone. */
final class InferenceBody {

    static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    private InferenceBody() {}

    /** The JSON object and the tensors' data behind it. */
    static byte[] join(String json, byte[]... data) {
        return Bytes.join(json.getBytes(StandardCharsets.UTF_8), Bytes.join(data));
    }

    /** The JSON object of an answer that has binary data. */
    static JsonNode header(HttpResponse<byte[]> response, byte[] body) {
        return JsonMapper.shared().readTree(new String(body, 0, headerLength(response), StandardCharsets.UTF_8));
    }

    /** What stands behind the JSON object. */
    static byte[] data(HttpResponse<byte[]> response, byte[] body) {
        return Arrays.copyOfRange(body, headerLength(response), body.length);
    }

    private static int headerLength(HttpResponse<?> response) {
        return Integer.parseInt(response.headers().firstValue(HEADER_LENGTH).orElseThrow());
    }
}
