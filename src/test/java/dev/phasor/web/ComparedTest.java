package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Recordings;
import dev.phasor.codec.WavBytes;
import dev.phasor.codec.WavEncoding;
import dev.phasor.signal.AudioSignal;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is compared must be comparable. */
class ComparedTest extends ServiceTest {

    private static float[] speech() {
        return Recordings.read(Recordings.speech()).samples(0);
    }

    private static byte[] wav(float[] samples, int rate) throws IOException {
        return WavBytes.write(AudioSignal.mono(samples, rate), WavEncoding.FLOAT32);
    }

    private HttpResponse<byte[]> evaluate(byte[] audio, byte[] reference) {
        return postForm("/v1/evaluate", Map.of("audio", audio, "reference", reference), Map.of());
    }

    @Test
    void silenceRatesWorst() throws IOException {
        float[] speech = speech();
        JsonNode figures = json(evaluate(wav(new float[speech.length], 16000), wav(speech, 16000)));

        assertThat(figures.get("si_sdr_db").asDouble()).isEqualTo(-200);
        assertThat(figures.get("snr_db").asDouble()).isLessThanOrEqualTo(0);
        assertThat(figures.get("spectral_convergence_db").asDouble()).isGreaterThan(-0.01);
    }

    @Test
    void anotherLengthIsRefused() throws IOException {
        float[] speech = speech();
        float[] half = Arrays.copyOf(speech, speech.length / 2);
        HttpResponse<byte[]> response = evaluate(wav(half, 16000), wav(speech, 16000));

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).get("detail").asString())
                .contains("[" + half.length + "]", "[" + speech.length + "]", "length");
    }

    @Test
    void anotherRateIsRefused() throws IOException {
        HttpResponse<byte[]> response = evaluate(wav(speech(), 16000), wav(speech(), 8000));

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).get("detail").asString()).contains("16000 Hz", "8000 Hz", "resample");
    }

    @Test
    void aTargetLongerThanTheSoundIsRefused() {
        String spectrogram =
                "\"spectrogram\": {\"real\": [[1, 1], [0, 0], [1, 1]], \"imag\": [[0, 0], [1, 1], [0, 0]]}";
        String target = ", \"target\": [0, 1, 2, 1, 0%s], \"loss\": \"mse\", \"n_fft\": 4, \"hop_length\": 3}";
        HttpResponse<byte[]> longest =
                post("/v1/reconstruct/vjp", JSON, ("{" + spectrogram + target.formatted("")).getBytes());
        HttpResponse<byte[]> longer =
                post("/v1/reconstruct/vjp", JSON, ("{" + spectrogram + target.formatted(", 0")).getBytes());

        assertThat(longer.statusCode()).isEqualTo(422);
        assertThat(json(longer).get("detail").asString())
                .contains("target must have at most 5 samples, which have the spectrogram's 2 frames, got 6");
        assertThat(longest.statusCode()).isEqualTo(200);
    }

    @Test
    void aFilesRateIsNotRelabelled() {
        for (HttpResponse<byte[]> response : new HttpResponse[] {
            post("/v1/reconstruct?sample_rate=8000", Recordings.speech()),
            stream("/v1/reconstruct?sample_rate=8000", WAV, bytes(Recordings.speech())),
            post("/v1/stft?sample_rate=8000", Recordings.speech())
        }) {
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(json(response).get("detail").asString()).contains("the file's, 16000", "got 8000");
        }
        assertThat(post("/v1/reconstruct?sample_rate=16000", Recordings.speech())
                        .statusCode())
                .isEqualTo(200);
    }
}
