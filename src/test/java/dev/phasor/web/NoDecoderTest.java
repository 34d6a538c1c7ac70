package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Golden;
import dev.phasor.Recordings;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;

/** Where there is no ffmpeg, what needs one says what to install, and the rest works. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "phasor.decoder.path=/nowhere/ffmpeg")
class NoDecoderTest extends ServiceTest {

    @Test
    void whatToInstallIsSaid() {
        HttpResponse<byte[]> mp3 = post("/v1/stft", "audio/mpeg", Golden.bytes("foreign/speech.mp3"));
        HttpResponse<byte[]> resampled = post("/v1/stft?resample_to=8000", Recordings.speech());

        assertProblem(mp3, 415, "unsupported_media_type");
        assertThat(json(mp3).get("detail").asString())
                .contains("audio/mpeg is decoded by ffmpeg", "/nowhere/ffmpeg does not start", "install ffmpeg 6.0");
        assertProblem(resampled, 400, "bad_parameter");
        assertProblem(stream("/v1/stft?resample_to=8000", WAV, bytes(Recordings.speech())), 400, "bad_parameter");
        assertThat(json(resampled).get("detail").asString())
                .startsWith("resample_to must be left out here")
                .contains("install ffmpeg 6.0 or newer, or name one in phasor.decoder.path");
        assertThat(post("/v1/stft?resample_to=16000", Recordings.speech()).statusCode())
                .isEqualTo(200);
    }
}
