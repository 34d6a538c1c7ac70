package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Golden;
import dev.phasor.Recordings;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.codec.WavBytes;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Sound that ffmpeg decodes, and what {@code resample_to} makes of any sound. */
class ForeignFormatsTest extends ServiceTest {

    private static final String ROUND_TRIP = "/v1/reconstruct?n_fft=512";

    @ParameterizedTest
    @CsvSource({
        "speech.mp3, audio/mpeg, mp3, 16000, 24000",
        "speech.opus, audio/opus, ogg, 48000, 72000",
        "speech_vorbis.ogg, audio/ogg, ogg, 16000, 24000",
        "speech_index_first.m4a, audio/mp4, mp4, 16000, 24576",
        "speech_index_last.m4a, audio/x-m4a, mp4, 16000, 24576",
        "speech.aac, audio/aac, aac, 16000, 25600",
        "speech.aiff, audio/aiff, aiff, 16000, 24000",
        "speech.webm, audio/webm, webm, 48000, 72000"
    })
    void isTakenWhereverAudioIs(String name, String type, String format, int rate, int length) throws IOException {
        byte[] file = Golden.bytes("foreign/" + name);
        HttpResponse<byte[]> named = post(ROUND_TRIP, type, file);
        assertThat(named.statusCode()).as(text(named)).isEqualTo(200);
        JsonNode report = report(named);
        AudioSignal sound = WavBytes.read(named.body());

        assertThat(report.get("source_format").asString()).isEqualTo(format);
        assertThat(report.get("decoded_by").asString()).startsWith("ffmpeg ");
        assertThat(report.get("sample_rate").asInt()).isEqualTo(rate);
        assertThat(sound.length()).isEqualTo(length);
        assertThat(sound.sampleRate()).isEqualTo(rate);
        assertThat(sound.peak()).isBetween(0.05f, 1f);
        assertThat(post(ROUND_TRIP, "application/octet-stream", file).body()).isEqualTo(named.body());
        HttpResponse<byte[]> flowing = stream(ROUND_TRIP, type, file);
        assertThat(flowing.body()).isEqualTo(named.body());
        assertThat(report(flowing).get("source_format").asString()).isEqualTo(format);
        String resampled = ROUND_TRIP + "&resample_to=22050";
        assertThat(stream(resampled, type, file).body())
                .isEqualTo(postForm(resampled, Map.of("file", file), Map.of()).body());
        assertThat(postForm("/v1/reconstruct", Map.of("file", file), Map.of("n_fft", "512"))
                        .body())
                .isEqualTo(named.body());
        for (String path : List.of("/v1/stft", "/v1/phase", "/v1/phase/diagnose")) {
            assertThat(post(path, type, file).statusCode()).isEqualTo(200);
        }
        HttpResponse<byte[]> evaluated = postForm("/v1/evaluate", Map.of("file", file, "reference", file), Map.of());
        assertThat(json(evaluated).get("source_format").asString()).isEqualTo(format);
    }

    @Test
    void anySoundIsResampledAsItComesIn() throws IOException {
        byte[] speech = bytes(Recordings.speech());
        HttpResponse<byte[]> wav = post(ROUND_TRIP + "&resample_to=8000", WAV, speech);
        HttpResponse<byte[]> mp3 =
                post("/v1/stft?resample_to=24000", "audio/mpeg", Golden.bytes("foreign/music_with_cover.mp3"));
        AudioSignal samples = WavBytes.read(speech);
        byte[] npy = NpyBytes.write(NpyArray.real(Shape.of(samples.length()), samples.samples(0)));
        HttpResponse<byte[]> array = post(ROUND_TRIP + "&resample_to=8000&sample_rate=16000", NPY, npy);
        HttpResponse<byte[]> target = postForm(
                "/v1/reconstruct/vjp",
                Map.of(
                        "spectrogram",
                        post("/v1/stft?resample_to=8000", WAV, speech).body(),
                        "target",
                        speech),
                Map.of("resample_to", "8000", "loss", "mse", "response_format", "json"));

        assertThat(report(wav).get("sample_rate").asInt()).isEqualTo(8000);
        assertThat(report(wav).get("source_sample_rate").asInt()).isEqualTo(16_000);
        assertThat(report(wav).get("resampled_by").asString()).startsWith("ffmpeg ");
        assertThat(WavBytes.read(wav.body()).length()).isEqualTo((samples.length() + 1) / 2);
        assertThat(report(mp3).get("sample_rate").asInt()).isEqualTo(24_000);
        assertThat(report(mp3).get("source_sample_rate").asInt()).isEqualTo(44_100);
        assertThat(report(mp3).get("source_format").asString()).isEqualTo("mp3");
        assertThat(WavBytes.read(array.body()).samples(0))
                .isEqualTo(WavBytes.read(wav.body()).samples(0));
        assertThat(target.statusCode()).as(text(target)).isEqualTo(200);
    }

    @Test
    void theSameRateChangesNothing() {
        HttpResponse<byte[]> same = post(ROUND_TRIP + "&resample_to=16000", Recordings.speech());

        assertThat(same.body()).isEqualTo(post(ROUND_TRIP, Recordings.speech()).body());
        assertThat(report(same).has("resampled_by")).isFalse();
    }

    @Test
    void whatCannotBeResampledIsRefused() throws IOException {
        byte[] npy = NpyBytes.write(NpyArray.real(Shape.of(8000), new float[8000]));
        byte[] spectrogram = post("/v1/stft", Recordings.speech()).body();

        assertProblem(post("/v1/stft?resample_to=8000", NPY, npy), 400, "bad_parameter");
        assertProblem(post("/v1/reconstruct?resample_to=8000", NPY, spectrogram), 400, "bad_parameter");
        assertProblem(post("/v1/stft?resample_to=8000&sample_rate=50", NPY, npy), 400, "bad_parameter");
        assertProblem(post("/v1/istft?resample_to=8000", NPY, spectrogram), 400, "bad_parameter");
        assertThat(text(post("/v1/stft?sample_rate=8000", Recordings.speech()))).contains("resample_to resamples");
    }

    /** Its gradient would have other samples than it has. */
    @Test
    void audioThatIsDifferentiatedIsNotResampled() throws IOException {
        byte[] speech = bytes(Recordings.speech());
        AudioSignal samples = WavBytes.read(speech);
        String told = "resample_to must be left out, or the audio's 16000 Hz";

        assertThat(text(postForm(
                        "/v1/reconstruct/vjp",
                        Map.of("file", speech, "target", speech),
                        Map.of("resample_to", "8000", "loss", "mse"))))
                .contains(told);
        assertThat(text(postForm("/v1/mel/vjp", Map.of("audio", speech), Map.of("resample_to", "8000"))))
                .contains("resample_to must be left out of mel_vjp");
        HttpResponse<byte[]> same = postForm(
                "/v1/reconstruct/vjp",
                Map.of("file", speech, "target", speech),
                Map.of("resample_to", "16000", "loss", "mse", "response_format", "json"));
        assertThat(json(same).get("gradient").size()).isEqualTo(samples.length());
    }

    @Test
    void aFileThatIsNoneIsRefused() {
        byte[] cut = Arrays.copyOf(Golden.bytes("foreign/speech_index_last.m4a"), 4000);
        for (HttpResponse<byte[]> response :
                List.of(post(ROUND_TRIP, "audio/mp4", cut), stream(ROUND_TRIP, "audio/mp4", cut))) {
            assertProblem(response, 400, "malformed_audio");
            assertThat(json(response).get("detail").asString())
                    .contains("the mp4 file", "ffmpeg says: moov atom not found");
        }
        assertProblem(post(ROUND_TRIP, "audio/mpeg", bytes(Recordings.speech())), 400, "malformed_audio");
    }

    /** One of two requests loses its process; the other, and the next, are answered. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/phase/diagnose", "/v1/reconstruct", "/v1/reconstruct?resample_to=22050"})
    void aKilledProcessCostsItsRequestOnly(String path) {
        byte[] speech = bytes(Recordings.speech());
        byte[] some = Golden.bytes("foreign/speech.aac");
        ByteBuffer many = ByteBuffer.allocate(1000 * some.length); // a stream of frames, of which more is more
        while (many.hasRemaining()) {
            many.put(some);
        }
        CompletableFuture<HttpResponse<byte[]>> struck =
                CompletableFuture.supplyAsync(() -> post(path, "audio/aac", many.array()));
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(30))
                .until(() -> ProcessHandle.current().children().anyMatch(ForeignFormatsTest::isDecoder));
        ProcessHandle.current()
                .children()
                .filter(ForeignFormatsTest::isDecoder)
                .forEach(ProcessHandle::destroyForcibly);

        assertProblem(struck.join(), 503, "decoder_failed");
        assertThat(struck.join().headers().firstValue("Retry-After")).isPresent();
        assertThat(post(ROUND_TRIP + "&resample_to=8000", WAV, speech).statusCode())
                .isEqualTo(200);
    }

    private static boolean isDecoder(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("ffmpeg");
    }
}
