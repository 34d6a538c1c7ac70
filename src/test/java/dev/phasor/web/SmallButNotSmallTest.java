package dev.phasor.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.codec.NpyBytes;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.TestPropertySource;

/** Bodies of few bytes that ask for much: each is refused for what it asks, before it is taken, or is cheap. */
@TestPropertySource(properties = "phasor.limits.memory-share=20")
class SmallButNotSmallTest extends ServiceTest {

    /** 5 bins of 4 frames. */
    private static final byte[] MAGNITUDE = NpyBytes.of("<f4", "(5, 4)", new byte[80]);

    @ParameterizedTest
    @CsvSource({
        "length=2147483647, 413, too_large",
        "length=2147483639&algorithm=pghi, 413, too_large",
        "hop_length=100000000&algorithm=rtisi_la, 413, too_large",
        "hop_length=2147483647&algorithm=rtisi_la, 413, too_large",
        "hop_length=2147483647&algorithm=rtisi_la&length=3, 200, ''",
        "hop_length=2147483647&algorithm=auto&length=3, 200, ''"
    })
    void memoryThatParametersAskForIsReserved(String parameters, int status, String code) {
        HttpResponse<byte[]> response = post("/v1/reconstruct?response_format=npy&" + parameters, NPY, MAGNITUDE);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(text(response)).contains(code);
    }

    @Test
    void itemsTimesLengthAreReserved() {
        byte[] items = NpyBytes.of("<f4", "(20000, 2, 1)", new byte[160_000]);

        HttpResponse<byte[]> response =
                post("/v1/reconstruct?response_format=npy&center=false&length=200000", NPY, items);

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(json(response).get("detail").asString()).contains("at most 2147483639 values, got 4000000000");
    }

    @Test
    void anArrayOfManyAxesIsRefusedBeforeItsValuesAreRead() {
        String axes = IntStream.range(0, 24).mapToObj(i -> "2").collect(Collectors.joining(", ", "(", ")"));
        String header = "{'descr': '<f4', 'fortran_order': True, 'shape': " + axes + ", }";

        HttpResponse<byte[]> response = post("/v1/stft", NPY, NpyBytes.file(header, new byte[4]));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("detail").asString()).contains("at most 8 axes, got 24");
    }

    @ParameterizedTest
    @CsvSource({"/v1/stft, '{\"audio\": [%s]}'", "/v2/models/stft/infer, '{\"inputs\": [{\"data\": [%s]}]}'"})
    void aNumberOfThousandDigitsIsRefused(String path, String body) {
        String number = "0." + "1".repeat(992);

        HttpResponse<byte[]> response = post(path, JSON, body.formatted(number).getBytes(UTF_8));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(text(response)).contains("100").doesNotContain("StreamReadConstraints");
    }

    @Test
    void aFormsFieldIsNoFile() {
        String field =
                "--B\r\nContent-Disposition: form-data; name=\"window\"\r\n\r\n" + "x".repeat(2000) + "\r\n--B--\r\n";

        HttpResponse<byte[]> response = post("/v1/stft", "multipart/form-data; boundary=B", field.getBytes(ISO_8859_1));

        assertThat(response.statusCode()).isEqualTo(413);
    }
}
