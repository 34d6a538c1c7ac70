package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Recordings;
import dev.phasor.codec.FlacBytes;
import dev.phasor.codec.FlacReader;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.codec.WavBytes;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms in which sound travels. */
class FormsTest extends ServiceTest {

    private static final String FLAC = "audio/flac";

    /** Of 16 bits, which FLAC keeps. */
    static List<Path> recordings() {
        return List.of(Recordings.speech(), Recordings.music());
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void flacAnswersAsTheSameSoundInWavDoes(Path recording) throws IOException {
        byte[] wav = bytes(recording);
        byte[] flac = FlacBytes.write(WavBytes.read(wav), 24);

        byte[] fromWav = post("/v1/stft?n_fft=512", WAV, wav).body();
        assertThat(post("/v1/stft?n_fft=512", FLAC, flac).body()).isEqualTo(fromWav);
        assertThat(post("/v1/stft?n_fft=512", "application/octet-stream", flac).body())
                .isEqualTo(fromWav);
        assertThat(postForm("/v1/stft", Map.of("file", flac), Map.of("n_fft", "512"))
                        .body())
                .isEqualTo(fromWav);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void soundComesBackAsFlacBitByBit(Path recording) throws IOException {
        byte[] wav = bytes(recording);

        HttpResponse<byte[]> response =
                post("/v1/reconstruct?response_format=flac&encoding=pcm16&n_fft=1024", WAV, wav);

        AudioSignal before = WavBytes.read(wav);
        AudioSignal after = FlacBytes.read(response.body());
        assertThat(response.headers().firstValue("Content-Type")).hasValue(FLAC);
        assertThat(response.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"audio.flac\"");
        assertThat(after.shape()).isEqualTo(before.shape());
        assertThat(after.sampleRate()).isEqualTo(before.sampleRate());
        for (int item = 0; item < before.items(); item++) {
            assertThat(after.samples(item)).isEqualTo(before.samples(item));
        }
        assertThat(report(response).get("clipped").asInt()).isZero();
    }

    @Test
    void flacHas24BitsUnlessToldOtherwiseAndNoFloats() throws IOException {
        byte[] wav = bytes(Recordings.speech());

        byte[] accepted = post("/v1/reconstruct", WAV, wav, "Accept", FLAC).body();
        HttpResponse<byte[]> floats = post("/v1/reconstruct?encoding=float32", WAV, wav, "Accept", FLAC);

        assertThat(FlacReader.open(new ByteArrayInputStream(accepted)).bits()).isEqualTo(24);
        assertThat(floats.statusCode()).isEqualTo(400);
        assertThat(json(floats).get("detail").asString()).contains("encoding must be pcm16 or pcm24");
    }

    /** librosa and torch hand out spectrograms in Fortran order. */
    @Test
    void fortranOrderAnswersTheSameInItsOwnOrder() throws IOException {
        byte[] z = post("/v1/stft?n_fft=512&response_format=npy", Recordings.speech())
                .body();
        byte[] phase = post("/v1/phase", NPY, z).body();
        byte[] magnitude = NpyBytes.write(NpyArray.of(
                NpyBytes.read(z).toComplexSpectrogram(SpectrogramLayout.COMPLEX).magnitude()));
        byte[] zTurned = NpyBytes.columnMajor(z);
        byte[] phaseTurned = NpyBytes.columnMajor(phase);

        assertThat(post("/v1/phase", NPY, zTurned).body()).isEqualTo(phaseTurned);
        assertThat(json(post("/v1/phase/diagnose", NPY, zTurned)).get("hazards"))
                .isEqualTo(json(post("/v1/phase/diagnose", NPY, z)).get("hazards"));
        for (String path : List.of("/v1/istft?sample_rate=16000", "/v1/reconstruct?sample_rate=16000")) {
            assertThat(post(path, NPY, zTurned).body())
                    .as(path)
                    .isEqualTo(post(path, NPY, z).body());
        }
        String retrieved = "/v1/reconstruct?sample_rate=16000&algorithm=pghi";
        assertThat(post(retrieved, NPY, NpyBytes.columnMajor(magnitude)).body())
                .isEqualTo(post(retrieved, NPY, magnitude).body());
        byte[] expected = form("/v1/phase/vjp", Map.of("spectrogram", z, "cotangent", phase));
        for (byte[] cotangent : List.of(phase, phaseTurned)) {
            assertThat(form("/v1/phase/vjp", Map.of("spectrogram", zTurned, "cotangent", cotangent)))
                    .isEqualTo(NpyBytes.columnMajor(expected));
            assertThat(form("/v1/phase/vjp", Map.of("spectrogram", z, "cotangent", cotangent)))
                    .isEqualTo(expected);
        }
        String taken = "/v1/reconstruct?response_format=npy";
        assertThat(form(taken, Map.of("spectrogram", zTurned, "magnitude", magnitude)))
                .isEqualTo(form(taken, Map.of("spectrogram", z, "magnitude", magnitude)));
    }

    @Test
    void fortranOrderIsRowMajorInJsonAndNamesItsFirstFault() throws IOException {
        NpyArray z = NpyArray.complex(Shape.of(2, 3), new float[] {1, 0, -1, 0, 2, 0}, new float[] {0, 1, 0, -1, 0, 3});
        byte[] turned = NpyBytes.columnMajor(NpyBytes.write(z));
        assertThat(json(post("/v1/phase?response_format=json", NPY, turned)).get("phase"))
                .isEqualTo(json(post("/v1/phase?response_format=json", NPY, NpyBytes.write(z)))
                        .get("phase"));

        NpyArray bad = NpyArray.real(Shape.of(2, 3), new float[] {1, 1, Float.NaN, Float.NaN, 1, 1});
        HttpResponse<byte[]> refused =
                post("/v1/reconstruct?sample_rate=8000", NPY, NpyBytes.columnMajor(NpyBytes.write(bad)));
        assertThat(json(refused).get("detail").asString()).contains("the first at [0, 2]");
    }

    private byte[] form(String path, Map<String, byte[]> files) {
        HttpResponse<byte[]> response = postForm(path, files, Map.of());
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.body();
    }

    @Test
    void clippedSamplesAreCounted() {
        String loud = "{\"audio\": [0, 1.5, -1.5, 0.5, 0, 0, 0, 0], \"sample_rate\": 8000, \"n_fft\": 4}";

        for (String form : List.of("wav", "flac")) {
            HttpResponse<byte[]> response =
                    post("/v1/reconstruct?encoding=pcm16&response_format=" + form, JSON, loud.getBytes());
            assertThat(report(response).get("clipped").asInt()).as(form).isEqualTo(2);
        }
    }

    @Test
    void whatFlacCannotHoldIsRefused() {
        String nine = "{\"audio\": " + Arrays.deepToString(new int[9][8]) + ", \"sample_rate\": 8000, \"n_fft\": 4}";

        HttpResponse<byte[]> response = post("/v1/reconstruct?response_format=flac&input=audio", JSON, nine.getBytes());

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).get("detail").asString()).isEqualTo("channels of a FLAC must be in 1..8, got 9");
    }

    @Test
    void damagedFlacIsMalformed() throws IOException {
        byte[] flac = FlacBytes.write(Recordings.read(Recordings.speech()), 16);
        flac[flac.length / 2] ^= 1;

        HttpResponse<byte[]> response = post("/v1/phase", FLAC, flac);

        assertProblem(response, 400, "malformed_flac");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/stft                    | file cotangent      | the input cotangent must be left out of stft, which takes file, audio, got it
            /v1/phase                   | file target         | the input target must be left out of phase
            /v1/reconstruct             | file reference      | the input reference must be left out of reconstruct
            /v1/phase                   | file audio          | the input file or audio must be given, one of them, got all
            /v1/reconstruct             | audio spectrogram   | the input audio or spectrogram must be given, one of them
            /v1/reconstruct?input=magnitude | file magnitude  | the input file must be something else than the input magnitude, got both
            /v1/reconstruct             | magnitude phase     | init must be given (init=given) to start from the input phase, got pghi
            /v1/reconstruct             | magnitude mask      | init must be given (init=given) to start from the input mask, got pghi
            /v1/reconstruct?init=given&algorithm=istft&n_fft=4 | audio phase | algorithm must be one that starts from the input phase, got istft
            """)
    void anInputThatWouldChangeNothingIsRefused(String path, String names, String message) {
        byte[] array = NpyBytes.of("<f4", "(33, 4)", new byte[4 * 33 * 4]);
        Map<String, byte[]> parts =
                Arrays.stream(names.split(" ")).collect(Collectors.toMap(name -> name, name -> array));

        HttpResponse<byte[]> response = postForm(path, parts, Map.of());

        assertProblem(response, 400, "bad_parameter");
        assertThat(json(response).get("detail").asString()).contains(message);
    }
}
