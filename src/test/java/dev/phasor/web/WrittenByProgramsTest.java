package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Golden;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.codec.WavBytes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Inputs that real programs write; {@code src/test/golden/cases.py} made them. */
class WrittenByProgramsTest extends ServiceTest {

    static List<String> sounds() {
        return Stream.of(".wav", ".flac")
                .flatMap(ending -> Golden.names("cases", ending).stream())
                .toList();
    }

    /** Sizes that a pipe does not know, and headers that a type need not name. */
    @ParameterizedTest
    @MethodSource("sounds")
    void itsSamplesAreThere(String name) throws IOException {
        byte[] file = Golden.bytes(name);
        String type = name.endsWith(".wav") ? WAV : "audio/flac";
        float[] expected = NpyBytes.read(Golden.bytes("cases/samples_16k.npy")).real();
        String path = "/v1/reconstruct?n_fft=64&response_format=npy";
        String flowing = "/v1/reconstruct?n_fft=64";

        for (byte[] whole : List.of(
                post(path, type, file).body(),
                post(path, "application/octet-stream", file).body(),
                stream(path, type, file).body(),
                postForm("/v1/reconstruct", Map.of("file", file), Map.of("n_fft", "64", "response_format", "npy"))
                        .body())) {
            assertThat(NpyBytes.read(whole).real())
                    .usingComparatorWithPrecision(1e-6f)
                    .containsExactly(expected);
        }
        assertThat(WavBytes.read(stream(flowing, type, file).body()).samples(0))
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(expected);
        assertThat(post("/v1/stft", "application/octet-stream", file).statusCode())
                .isEqualTo(200);
    }

    /** In JSON, -0 is a number with a sign, and so it is in the phase. */
    @Test
    void minusZeroKeepsItsSign() throws IOException {
        float[] phase = NpyBytes.read(post("/v1/phase", JSON, Golden.bytes("cases/negative_zero.json"))
                        .body())
                .real();
        String data = "[-1, -1, -1, 1, 1, 1, 1, 1, 1, -0, -0.0, -0e0, 1, 1, 1, 1, 1, 1]";
        JsonNode inferred = json(post("/v2/models/phase/infer", JSON, infer("[1, 2, 3, 3]", data, "{}")));

        assertThat(phase).startsWith((float) -Math.PI, (float) -Math.PI, (float) -Math.PI);
        for (int frame = 0; frame < 3; frame++) {
            assertThat(inferred.get("outputs").get(0).get("data").get(frame).asDouble())
                    .isCloseTo(-Math.PI, org.assertj.core.api.Assertions.within(1e-6));
        }
    }

    @Test
    void wholeNumbersMayBeWrittenAsDoubles() throws IOException {
        HttpResponse<byte[]> response = post("/v1/stft", JSON, Golden.bytes("cases/whole_doubles.json"));
        String data = "[-1, -1, -1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1]";
        HttpResponse<byte[]> inferred = post(
                "/v2/models/istft/infer", JSON, infer("[1, 2, 3, 3]", data, "{\"n_fft\": 4.0, \"hop_length\": 1e0}"));

        JsonNode report = report(response);
        assertThat(report.get("n_fft").asInt()).isEqualTo(8);
        assertThat(report.get("hop_length").asInt()).isEqualTo(2);
        assertThat(inferred.statusCode()).isEqualTo(200);
    }

    /** The transform of two samples around each position, from which the samples follow. */
    @Test
    void decimalsAreRoundedOnce() throws IOException {
        NpyArray z = NpyBytes.read(post(
                        "/v1/stft?n_fft=2&hop_length=1&center=false&window=boxcar",
                        JSON,
                        "{\"audio\": [1.00000017881393432617187499, 0, 1.199999988079071, 0, 0.1, 0]}".getBytes())
                .body());

        int[] bits = {0x3F800001, 0x3F999999, 0x3DCCCCCD};
        for (int i = 0; i < 3; i++) {
            assertThat(Float.floatToIntBits(z.real()[2 * i])).isEqualTo(bits[i]);
        }
    }

    private static byte[] infer(String shape, String data, String parameters) {
        return ("{\"parameters\": " + parameters
                        + ", \"inputs\": [{\"name\": \"spectrogram\", \"datatype\": \"FP32\", \"shape\": " + shape
                        + ", \"data\": " + data + "}]}")
                .getBytes();
    }
}
