package dev.phasor.web;

import static dev.phasor.Bytes.floats;
import static dev.phasor.web.InferenceBody.HEADER_LENGTH;
import static dev.phasor.web.InferenceBody.data;
import static dev.phasor.web.InferenceBody.header;
import static dev.phasor.web.InferenceBody.join;
import static dev.phasor.web.InferenceTest.numbers;
import static dev.phasor.web.InferenceTest.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Mels at /v2, in JSON and in binary tensors: the numbers are /v1's. */
class InferenceMelTest extends ServiceTest {

    private static final float[] AUDIO = {0, 0.5f, 0.25f, -0.5f, 1, -1, 0.125f, 0, 0.75f, 0.5f, -0.25f, 0};

    private static final String MELS = "\"n_fft\": 8, \"hop_length\": 1, \"sample_rate\": 8000, \"n_mels\": 4, "
            + "\"log\": \"ln\", \"log_floor\": 1e-5";

    @Test
    void melsAreThoseOfV1InJsonAndInBinary() {
        same("mel", "mel", MELS, List.of(tensor("audio", "[1, 12]", AUDIO)));
    }

    @Test
    void soundFromAMelIsThatOfV1InJsonAndInBinary() {
        same("reconstruct", "audio", MELS + ", \"n_iter\": 4", List.of(tensor("mel", "[1, 4, 13]", mel())));
    }

    @Test
    void soundFromAMelOfOnesOwnFiltersIsThatOfV1() {
        float[] bank = {1, 1, 0, 0, 0, 0, 0, 1, 1, 1};
        same(
                "reconstruct",
                "audio",
                "\"n_fft\": 8, \"hop_length\": 2, \"n_iter\": 4",
                List.of(
                        tensor("mel", "[1, 2, 3]", 1, 2, 3, 3, 2, 1),
                        tensor("filterbank", "[2, 5]", bank),
                        tensor("mean", "[2]", 1, 0.5f),
                        tensor("std", "[2]", 2, 1)));
    }

    @Test
    void gradientsOfMelsAreThoseOfV1InJsonAndInBinary() {
        float[] mel = mel();
        same(
                "mel_vjp",
                "gradient",
                MELS,
                List.of(tensor("audio", "[1, 12]", AUDIO), tensor("cotangent", "[1, 4, 13]", mel)));
    }

    @Test
    void theLossesOfMelsAreThoseOfV1InJsonAndInBinary() {
        float[] z = new float[2 * 5 * 13];
        for (int i = 0; i < z.length; i++) {
            z[i] = (i * 7 % 11 - 5) / 8f;
        }
        List<Sent> inputs = List.of(tensor("spectrogram", "[1, 2, 5, 13]", z), tensor("target", "[1, 12]", AUDIO));
        same("reconstruct_vjp", "gradient", MELS + ", \"loss\": \"mel\"", inputs);
        same(
                "reconstruct_vjp",
                "gradient",
                "\"hop_length\": 1, \"sample_rate\": 8000, \"loss\": \"multi_scale_mel\"",
                inputs);
    }

    @Test
    void gradientsThroughIterationsToAMelAreThoseOfV1InJsonAndInBinary() {
        same(
                "reconstruct_vjp",
                "mel_gradient",
                MELS + ", \"algorithm\": \"agla\", \"n_iter\": 3, \"loss\": \"mse\"",
                List.of(tensor("mel", "[1, 4, 13]", mel()), tensor("target", "[1, 12]", AUDIO)));
    }

    private float[] mel() {
        String body = "{\"audio\": " + Arrays.toString(AUDIO) + ", " + MELS + "}";
        return numbers(json(ok(post("/v1/mel", JSON, body.getBytes(StandardCharsets.UTF_8), "Accept", JSON)))
                .get("mel"));
    }

    /** An input by its name, shape and values. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sent(String name, String shape, float[] values) {

        String nested() {
            List<Integer> sizes = new ArrayList<>();
            for (String size : shape.substring(1, shape.length() - 1).split(", ")) {
                sizes.add(Integer.valueOf(size));
            }
            return nested(sizes, 0, 0);
        }

        private String nested(List<Integer> sizes, int axis, int at) {
            if (axis == sizes.size()) {
                return String.valueOf(values[at]);
            }
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < sizes.get(axis); i++) {
                parts.add(nested(sizes, axis + 1, at * sizes.get(axis) + i));
            }
            return parts.toString();
        }

        String head() {
            return "{\"name\": \"" + name + "\", \"datatype\": \"FP32\", \"shape\": " + shape;
        }
    }

    private static Sent tensor(String name, String shape, float... values) {
        return new Sent(name, shape, values);
    }

    /** What /v1 answers to these inputs is what /v2 answers to them as JSON, flat, and as binary tensors. */
    private void same(String model, String output, String parameters, List<Sent> inputs) {
        String v1 = "{" + parameters + (model.startsWith("mel") ? "" : ", \"layout\": \"subbands\"");
        String flat = "";
        String binary = "";
        for (Sent input : inputs) {
            v1 += ", \"" + input.name + "\": " + input.nested();
            flat += (flat.isEmpty() ? "" : ", ") + input.head() + ", \"data\": " + Arrays.toString(input.values) + "}";
            binary += (binary.isEmpty() ? "" : ", ") + input.head() + ", \"parameters\": {\"binary_data_size\": "
                    + Float.BYTES * input.values.length + "}}";
        }
        String end = "], \"outputs\": [{\"name\": \"" + output + "\"}], \"parameters\": {" + parameters;
        JsonNode expected = json(ok(post(
                "/v1/" + model.replace('_', '/'), JSON, (v1 + "}").getBytes(StandardCharsets.UTF_8), "Accept", JSON)));
        JsonNode answer = json(ok(post(
                "/v2/models/" + model + "/infer",
                JSON,
                ("{\"inputs\": [" + flat + end + "}}").getBytes(StandardCharsets.UTF_8))));
        String head = "{\"inputs\": [" + binary + end + ", \"binary_data_output\": true}}";
        HttpResponse<byte[]> bytes = ok(post(
                "/v2/models/" + model + "/infer",
                "application/octet-stream",
                join(head, inputs.stream().map(input -> floats(input.values)).toArray(byte[][]::new)),
                HEADER_LENGTH,
                String.valueOf(head.length())));

        float[] numbers = numbers(expected.get(output));
        assertThat(numbers).isNotEmpty();
        assertThat(numbers(answer.at("/outputs/0/data"))).containsExactly(numbers);
        assertThat(data(bytes, bytes.body())).isEqualTo(floats(numbers));
        assertThat(header(bytes, bytes.body()).at("/outputs/0/shape")).isEqualTo(answer.at("/outputs/0/shape"));
    }
}
