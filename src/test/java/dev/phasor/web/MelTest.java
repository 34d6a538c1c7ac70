package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.codec.WavBytes;
import dev.phasor.codec.WavEncoding;
import dev.phasor.mel.MelPresets;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.StringNode;

/** Mels over HTTP: there, back, and what is refused. */
class MelTest extends ServiceTest {

    @Test
    void presetsAreListedWithTheirValues() {
        JsonNode mels = json(get("/v1/mels")).get("mels");
        assertThat(mels.propertyNames()).containsExactlyElementsOf(MelPresets.names());
        assertThat(mels.at("/vocos/n_mels")).isEqualTo(IntNode.valueOf(100));
        assertThat(mels.at("/hifigan/log_floor")).isEqualTo(DoubleNode.valueOf(1e-5));
        assertThat(mels.at("/whisper/drop_last_frame")).isEqualTo(BooleanNode.TRUE);
        assertThat(mels.at("/hifigan/framing")).isEqualTo(StringNode.valueOf("same"));
    }

    @Test
    void thereAndBackWithAPresetFromTheQueryAndFromAForm() throws IOException {
        byte[] wav = WavBytes.write(AudioSignal.mono(tone(22050), 22050), WavEncoding.FLOAT32);
        HttpResponse<byte[]> there = post("/v1/mel?mel=hifigan", WAV, wav);
        assertThat(there.statusCode()).isEqualTo(200);
        HttpResponse<byte[]> back = post("/v1/reconstruct?mel=hifigan&input=mel&n_iter=20", NPY, there.body());
        assertThat(back.statusCode()).isEqualTo(200);
        JsonNode report = report(back);
        assertThat(report.get("mel").asString()).isEqualTo("hifigan");
        assertThat(report.get("mel_convergence_db").asDouble()).isLessThan(-20);
        assertThat(report.get("sample_rate").asInt()).isEqualTo(22050);
        HttpResponse<byte[]> form =
                postForm("/v1/reconstruct", Map.of("mel", there.body()), Map.of("preset", "hifigan", "n_iter", "20"));
        assertThat(form.statusCode()).isEqualTo(200);
        assertThat(form.body()).isEqualTo(back.body());
        assertThat(post("/v1/reconstruct?mel=hifigan&n_iter=20", NPY, there.body())
                        .body())
                .isEqualTo(back.body());
    }

    /** Values of any sign and size, and a NaN in none of what is answered. */
    @Test
    void aMelAtTheEndsOfFloatsIsAnsweredFinite() throws IOException {
        float[] values = new float[160];
        for (String query : List.of(
                "mel=librosa&n_mels=80&power_floor=3.4e38",
                "mel=hifigan&power_offset=3.4e38",
                "mel=hifigan&log_clip=1e-300")) {
            HttpResponse<byte[]> response =
                    post("/v1/reconstruct?" + query, NPY, NpyBytes.write(NpyArray.real(Shape.of(80, 2), values)));
            assertThat(response.headers().firstValue("Phasor-Report").orElse(""))
                    .doesNotContain("NaN");
            assertThat(response.statusCode()).isLessThan(500);
        }
    }

    @Test
    void oneFrameIsASoundOfTheLengthThatIsAskedFor() throws IOException {
        String query = "?input=mel&n_mels=2&n_fft=16&hop_length=4&sample_rate=8000&length=10";
        byte[] mel = NpyBytes.write(NpyArray.real(Shape.of(2, 1), new float[] {1, 1}));
        HttpResponse<byte[]> response = post("/v1/reconstruct" + query, NPY, mel);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(report(response).get("length").asInt()).isEqualTo(10);
    }

    @Test
    void soundIsRatedByAMelAndByItsOwnBest() throws IOException {
        byte[] wav = WavBytes.write(AudioSignal.mono(tone(16000), 16000), WavEncoding.FLOAT32);
        byte[] silence = WavBytes.write(AudioSignal.mono(new float[16000], 16000), WavEncoding.FLOAT32);
        byte[] mel = post("/v1/mel?mel=whisper", WAV, wav).body();
        JsonNode own = json(postForm("/v1/evaluate", Map.of("audio", wav, "mel", mel), Map.of("preset", "whisper")));
        JsonNode none =
                json(postForm("/v1/evaluate", Map.of("audio", silence, "mel", mel), Map.of("preset", "whisper")));
        assertThat(own.get("mel_convergence_db").asDouble()).isLessThan(-100);
        assertThat(own.get("log_mel_l1").asDouble()).isLessThan(1e-3);
        assertThat(none.get("mel_convergence_db").asDouble()).isCloseTo(0, within(0.1));
        assertThat(none.get("log_mel_l1").asDouble()).isGreaterThan(1);
    }

    @Test
    void soundOfAnotherRateThanThePresetsIsRefusedWithTheWayOut() throws IOException {
        byte[] wav = WavBytes.write(AudioSignal.mono(tone(16000), 16000), WavEncoding.FLOAT32);
        assertThat(json(post("/v1/mel?mel=hifigan", WAV, wav)).get("detail").asString())
                .isEqualTo("the rate of the audio must be the preset's, 22050 Hz: send resample_to=22050, or"
                        + " sample_rate=16000, got 16000");
        assertThat(post("/v1/mel?mel=hifigan&sample_rate=16000&fmax=8000", WAV, wav)
                        .statusCode())
                .isEqualTo(200);
        assertThat(post("/v1/mel?mel=hifigan&resample_to=22050", WAV, wav).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/v1/reconstruct?n_mels=2|'mel': [[1, 2], [3, 4]]|bad_parameter|sample_rate must be given with a mel,"
                        + " in Hz, or by a preset (mel=hifigan), got none",
                "/v1/reconstruct?n_mels=2&sample_rate=8000|'mel': [[1, -2], [3, 4]]|negative_magnitude|a mel without a"
                        + " logarithm must be >= 0, got -2.0: name the preset of a log-mel",
                "/v1/reconstruct?mel=hifigan|'mel': [[1, 2], [3, 4]]|shape_mismatch|mel must have 80 mels,"
                        + " [..., mels, frames], got [2, 2]",
                "/v1/reconstruct?mel=hifi|'mel': [[1, 2], [3, 4]]|bad_parameter|mel must be one of tacotron2, hifigan,",
                "/v1/reconstruct?mel=hifigan&fmax=12000|'mel': [[1, 2], [3, 4]]|bad_parameter|fmax must be at most"
                        + " sample_rate/2, 11025.0 Hz, got 12000.0",
                "/v1/reconstruct?n_mels=2|'magnitude': [[1, 2], [3, 4], [5, 6]]|bad_parameter|n_mels must be left out"
                        + " without the input mel",
                "/v1/reconstruct?algorithm=nnls|'magnitude': [[1, 2], [3, 4], [5, 6]]|bad_parameter|algorithm must be",
                "/v1/reconstruct?mel=hifigan&algorithm=istft|'mel': [[1, 2], [3, 4]]|bad_parameter|algorithm must be",
                "/v1/mel?mel=whisper|'audio': [1, 2, 3], 'sample_rate': 8000|bad_parameter|fmax must be at most",
                "/v1/reconstruct/vjp?loss=mse&n_mels=4|'audio': [1, 2, 3], 'target': [1, 2, 3]|bad_parameter|n_mels must be"
                        + " left out without loss=mel or the input mel, got it",
                "/v1/reconstruct/vjp?mel=hifigan|'mel': [[1, 2], [3, 4]], 'cotangent': [1, 2]|bad_parameter|the input"
                        + " spectrogram or audio must be given, for its phase, or algorithm=griffinlim,",
                "/v1/reconstruct/vjp?mel=hifigan&algorithm=agla|'mel': [[1, 2], [3, 4]], 'cotangent': [1, 2]"
                        + "|shape_mismatch|mel must have 80 mels, [..., mels, frames], got [2, 2]",
                "/v1/reconstruct/vjp?loss=mel|'audio': [1, 2, 3], 'target': [1, 2, 3]|bad_parameter|sample_rate must be"
                        + " given with a mel, in Hz, or by a preset (mel=hifigan), got none",
                "/v1/reconstruct/vjp?loss=multi_scale_mel|'audio': [1, 2, 3], 'target': [1, 2, 3]|bad_parameter"
                        + "|sample_rate must be given with loss=multi_scale_mel, in Hz, got none",
                "/v1/mel/vjp?n_mels=2|'audio': [1, 2, 3], 'sample_rate': 8000, 'cotangent': [[1], [2], [3]]"
                        + "|shape_mismatch|cotangent must have the shape [2, 1] of the mel, got [3, 1]",
                "/v1/mel?log_range=8|'audio': [1, 2, 3], 'sample_rate': 8000|bad_parameter|log_range must be left out",
                "/v1/mel?n_mels=5|'audio': [1, 2, 3], 'sample_rate': 8000, 'filterbank': [[1, 2, 3]], 'n_fft': 4"
                        + "|bad_parameter|n_mels must be left out with the input filterbank",
                "/v1/mel|'audio': [1, 2, 3], 'filterbank': [[1, 2, 3, 4]], 'n_fft': 4|shape_mismatch|the filterbank"
                        + " must have 3 bins",
                "/v1/mel|'audio': [1, 2, 3], 'filterbank': [[1, 2, 3, -4]], 'n_fft': 4|shape_mismatch|the filterbank"
                        + " must have 3 bins",
                "/v1/mel|'audio': [1, 2, 3], 'filterbank': [[1, 2, 3]], 'n_fft': 4, 'mean': [1, 2]|shape_mismatch|mean"
                        + " must have one value for each of the 1 mels, got 2",
            })
    void whatIsWrongIsNamed(String path, String body, String code, String detail) {
        HttpResponse<byte[]> response =
                post(path, JSON, ("{" + body.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8));
        assertThat(json(response).get("code").asString()).isEqualTo(code);
        assertThat(json(response).get("detail").asString()).startsWith(detail);
    }

    @Test
    void theLogarithmOfNothingIsRefusedWithTheWayOut() throws IOException {
        float[] values = new float[160];
        Arrays.fill(values, -3);
        byte[] mel = NpyBytes.write(NpyArray.real(Shape.of(80, 2), values));
        for (float wrong : List.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)) {
            byte[] body = mel.clone();
            ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).putFloat(body.length - 4, wrong);
            HttpResponse<byte[]> refused = post("/v1/reconstruct?mel=vocos&n_mels=80&input=mel", NPY, body);
            assertThat(json(refused).get("code").asString()).isEqualTo("non_finite_input");
            assertThat(json(refused).get("detail").asString()).startsWith("mel must be finite, got " + wrong);
            HttpResponse<byte[]> floored =
                    post("/v1/reconstruct?mel=vocos&n_mels=80&input=mel&log_floor=1e-5", NPY, body);
            assertThat(floored.statusCode()).isEqualTo(wrong == Float.NEGATIVE_INFINITY ? 200 : 422);
        }
    }

    private static float[] tone(int length) {
        float[] samples = new float[length];
        for (int t = 0; t < length; t++) {
            samples[t] = (float) (0.3 * Math.sin(0.05 * t) + 0.1 * Math.sin(0.31 * t));
        }
        return samples;
    }
}
