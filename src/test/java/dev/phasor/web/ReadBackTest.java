package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Recordings;
import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpzBytes;
import dev.phasor.codec.NpzWriter;
import dev.phasor.codec.WavBytes;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An NPZ answer says how its arrays were made, and what is sent back needs no parameters. */
class ReadBackTest extends ServiceTest {

    /** None of them follows from the bins. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "n_fft=1023&hop_length=200&win_length=800&window=hamming",
                "n_fft=512&hop_length=128&window=kaiser&beta=9.5&pad_mode=reflect",
                "n_fft=512&hop_length=100&window=gaussian&std=60",
                "n_fft=512&hop_length=128&framing=same&pad_mode=reflect",
            })
    void aSpectrogramComesBackWithItsLengthAndRate(String parameters) throws IOException {
        AudioSignal audio = WavBytes.read(bytes(Recordings.speech()));
        byte[] npz = post("/v1/stft?response_format=npz&" + parameters, Recordings.speech())
                .body();

        for (String path : new String[] {"/v1/istft", "/v1/reconstruct"}) {
            HttpResponse<byte[]> answer = post(path, NPZ, npz);

            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            AudioSignal back = WavBytes.read(answer.body());
            assertThat(back.sampleRate()).isEqualTo(audio.sampleRate());
            assertThat(back.length()).isEqualTo(audio.length());
            assertThat(Signals.distance(back.samples(0), audio.samples(0))).isLessThan(1e-5);
            assertThat(report(answer).get("n_fft_from").asString()).isEqualTo("npz");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"magnitude", "power"})
    void magnitudesAndPowersComeBackAsSound(String output) throws IOException {
        AudioSignal audio = WavBytes.read(bytes(Recordings.speech()));
        String made = "/v1/stft?response_format=npz&n_fft=1023&hop_length=200&output=" + output;
        byte[] npz = post(made, Recordings.speech()).body();

        HttpResponse<byte[]> answer = post("/v1/reconstruct?algorithm=pghi", NPZ, npz);

        assertThat(WavBytes.read(answer.body()).length()).isEqualTo(audio.length());
        assertThat(report(answer).get("spectral_convergence_db").asDouble()).isLessThan(-12);
        assertThat(report(answer).has("warnings")).isFalse();
    }

    /** The preset and what was sent beside it. */
    @Test
    void aMelComesBackAsSound() throws IOException {
        byte[] npz = post("/v1/mel?mel=whisper&n_mels=128&resample_to=16000&response_format=npz", Recordings.speech())
                .body();

        HttpResponse<byte[]> answer = post("/v1/reconstruct?n_iter=16", NPZ, npz);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(WavBytes.read(answer.body()).sampleRate()).isEqualTo(16000);
        assertThat(report(answer).get("n_mels").asInt()).isEqualTo(128);
        assertThat(report(answer).get("mel_convergence_db").asDouble()).isLessThan(-20);
    }

    /** As {@code numpy.savez("x.npz", spectrogram=z, hop=300, sr=8000, sound="no")} and the like write them. */
    @Test
    void whatIsSaidOfArraysIsCheckedAndMayBeSentAgain() throws IOException {
        byte[] described = described(Map.of("hop", 300, "sr", 8000, "length", 900));

        assertThat(WavBytes.read(post("/v1/istft", NPZ, described).body()).sampleRate())
                .isEqualTo(8000);
        assertThat(post("/v1/istft?hop_length=300", NPZ, described).statusCode())
                .isEqualTo(200);
        assertThat(WavBytes.read(post("/v1/istft?length=500", NPZ, described).body())
                        .length())
                .isEqualTo(500);
        assertThat(detail(post("/v1/istft?hop_length=256", NPZ, described)))
                .contains("hop_length must be left out, or what the NPZ says, 300, got 256");
        assertThat(detail(post("/v1/istft", NPZ, described(Map.of("hop_length", 0)))))
                .contains("hop_length must be a whole number in 1..");
        assertThat(detail(post("/v1/istft", NPZ, described(Map.of("speaker", "anna")))))
                .contains("a value without an axis in the NPZ must be a parameter, such as hop_length, got speaker");
    }

    /** Of the phase's pullback no transform is asked. */
    @Test
    void whatAnOperationDoesNotUseIsPassedOver() throws IOException {
        byte[] npz = post("/v1/phase?response_format=npz&n_fft=512", Recordings.speech())
                .body();
        assertThat(NpzBytes.read(npz)).containsOnlyKeys("phase");
        byte[] z = post("/v1/stft?n_fft=512&response_format=npz", Recordings.speech())
                .body();
        assertThat(post("/v1/phase", NPZ, z).statusCode()).isEqualTo(200);
    }

    private static byte[] described(Map<String, Object> scalars) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyArray z = NpyArray.complex(Shape.of(513, 4), new float[4 * 513], new float[4 * 513]);
        NpzWriter.write(Map.of("spectrogram", z), scalars, out);
        return out.toByteArray();
    }

    private String detail(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).isEqualTo(400);
        return json(answer).get("detail").asString();
    }
}
