package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Recordings;
import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.codec.NpzBytes;
import dev.phasor.codec.WavBytes;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Real audio in, right numbers out, over HTTP. */
class MainJobTest extends ServiceTest {

    @ParameterizedTest
    @MethodSource("dev.phasor.Recordings#all")
    void everyRecordingComesBackAsItWas(Path recording) throws IOException {
        HttpResponse<byte[]> response = post("/v1/reconstruct?n_fft=1024&hop_length=256", recording);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("audio/wav");
        AudioSignal before = Recordings.read(recording);
        AudioSignal after = WavBytes.read(response.body());
        assertThat(after.shape()).isEqualTo(before.shape());
        assertThat(after.sampleRate()).isEqualTo(before.sampleRate());
        assertThat(relativeError(NpyArray.of(after), NpyArray.of(before))).isLessThan(1e-6);
        assertThat(report(response).get("algorithm").asString()).isEqualTo("istft");
    }

    /** The SIMD transform knows powers of two; the phase has a kernel of its own, which may be another. */
    @ParameterizedTest
    @CsvSource({"/v1/stft, 1024, vector", "/v1/reconstruct, 1000, jtransforms", "/v1/phase, 1000, jtransforms+vector"})
    void theReportNamesWhatComputedTheAnswer(String path, int fftSize, String backend) {
        HttpResponse<byte[]> response = post(path + "?n_fft=" + fftSize, Recordings.speech());

        assertThat(report(response).get("backend").asString()).isEqualTo(backend);
    }

    /** What {@code output} names, of each bin; and the magnitude goes back to sound. */
    /** Whatever is made of a sound file, the report says which file it was. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/stft", "/v1/phase", "/v1/phase/diagnose", "/v1/mel", "/v1/reconstruct"})
    void theReportTellsTheFilesRateAndLength(String path) {
        HttpResponse<byte[]> response = post(path + "?n_fft=512", Recordings.speech());
        JsonNode report = path.endsWith("diagnose") ? json(response) : report(response);

        assertThat(report.get("sample_rate").asInt()).isEqualTo(16_000);
        assertThat(report.get("length").asInt()).isEqualTo(113_600);
    }

    @Test
    void magnitudesPowersAndDecibels() throws IOException {
        String path = "/v1/stft?n_fft=512&hop_length=128&output=";
        NpyArray z = NpyBytes.read(post(path + "complex", Recordings.speech()).body());
        byte[] magnitudes = post(path + "magnitude", Recordings.speech()).body();
        float[] magnitude = NpyBytes.read(magnitudes).real();
        float[] power =
                NpyBytes.read(post(path + "power", Recordings.speech()).body()).real();
        float[] decibels =
                NpyBytes.read(post(path + "db", Recordings.speech()).body()).real();
        for (int i = 0; i < magnitude.length; i += 97) {
            double expected = Math.hypot(z.real()[i], z.imaginary()[i]);
            assertThat((double) magnitude[i]).isCloseTo(expected, within(1e-6 * expected));
            assertThat((double) power[i]).isCloseTo(expected * expected, within(1e-6 * expected * expected));
            assertThat((double) decibels[i]).isCloseTo(20 * Math.log10(Math.max(1e-5, expected)), within(1e-4));
        }
        HttpResponse<byte[]> sound =
                post("/v1/reconstruct?hop_length=128&sample_rate=16000&n_iter=32", NPY, magnitudes);
        assertThat(report(sound).get("spectral_convergence_db").asDouble()).isLessThan(-20);
    }

    @ParameterizedTest
    @MethodSource("dev.phasor.Recordings#all")
    void aSpectrogramGoesBackToSoundOfTheGivenLength(Path recording) throws IOException {
        byte[] wav = bytes(recording);
        AudioSignal before = WavBytes.read(wav);
        byte[] spectrogram = post("/v1/stft?n_fft=1021&hop_length=300&window=hamming", WAV, wav)
                .body();

        HttpResponse<byte[]> response = post(
                "/v1/istft?n_fft=1021&hop_length=300&window=hamming&length=" + before.length(),
                NPY,
                spectrogram,
                "Accept",
                NPY);

        NpyArray audio = npy(response);
        assertThat(audio.shape()).isEqualTo(before.shape());
        assertThat(relativeError(audio, NpyArray.of(before))).isLessThan(1e-6);
    }

    @Test
    void thePhaseIsTheSpectrogramsAngleInItsShape() throws IOException {
        byte[] spectrogram = post("/v1/stft?n_fft=512", Recordings.music()).body();
        NpyArray z = NpyBytes.read(spectrogram);
        NpyArray ofSpectrogram = npy(post("/v1/phase", NPY, spectrogram));
        NpyArray ofAudio = npy(post("/v1/phase?n_fft=512", Recordings.music()));

        assertThat(z.shape().size(0)).isEqualTo(2);
        assertThat(z.shape().size(1)).isEqualTo(257);
        assertThat(ofSpectrogram.shape()).isEqualTo(z.shape());
        assertThat(ofAudio.real()).isEqualTo(ofSpectrogram.real());
        int wrong = 0;
        for (int i = 0; i < z.real().length; i++) {
            float exact = (float) Math.atan2(z.imaginary()[i], z.real()[i]);
            wrong += Math.abs(ofSpectrogram.real()[i] - exact) <= 2 * Math.ulp(exact) ? 0 : 1;
        }
        assertThat(wrong).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"clamped", "regularized", "zero_below", "exact"})
    void theGradientIsFiniteWhereFrameworksAnswerNaN(String policy) throws IOException {
        float[] re = {0, 1e-20f, 1e-20f, 0, -1e-30f, -1, 3, Float.MIN_VALUE};
        float[] im = {0, 1e-20f, 0, 1e-20f, 0, 0, 4, -Float.MIN_VALUE};
        float[] ones = {1, 1, 1, 1, 1, 1, 1, 1};
        Shape shape = Shape.of(4, 2);
        byte[] body = NpzBytes.write(
                Map.of("spectrogram", NpyArray.complex(shape, re, im), "cotangent", NpyArray.real(shape, ones)));

        HttpResponse<byte[]> response = post("/v1/phase/vjp?gradient_policy=" + policy, NPZ, body);

        NpyArray gradient = npy(response);
        assertThat(gradient.shape()).isEqualTo(shape);
        for (int i = 0; i < re.length; i++) {
            assertThat(Float.isFinite(gradient.real()[i]) && Float.isFinite(gradient.imaginary()[i]))
                    .isTrue();
        }
        assertThat(gradient.real()[6]).isCloseTo(-4f / 25, within(1e-6f));
        assertThat(gradient.imaginary()[6]).isCloseTo(3f / 25, within(1e-6f));
        assertThat(report(response).get("gradient_policy").asString()).isEqualTo(policy);
    }

    @Test
    void magnitudeOfOneAndPhaseOfTheOther() throws IOException {
        NpyArray z = npy(post("/v1/stft?n_fft=256", Recordings.speech()));
        float[] half = new float[z.real().length];
        for (int i = 0; i < half.length; i++) {
            half[i] = (float) (Math.hypot(z.real()[i], z.imaginary()[i]) / 2);
        }
        byte[] body = NpzBytes.write(Map.of("spectrogram", z, "magnitude", NpyArray.real(z.shape(), half)));

        NpyArray whole = npy(post("/v1/istft", NPY, NpyBytes.write(z), "Accept", NPY));
        NpyArray halved = npy(post("/v1/reconstruct", NPZ, body, "Accept", NPY));

        float[] expected = whole.real().clone();
        for (int i = 0; i < expected.length; i++) {
            expected[i] /= 2;
        }
        assertThat(relativeError(halved, NpyArray.real(whole.shape(), expected)))
                .isLessThan(1e-6);
    }

    @Test
    void subbandsAreTheSameValuesInAnotherLayout() throws IOException {
        NpyArray complex = npy(post("/v1/stft?n_fft=64", Recordings.music()));
        byte[] subbands =
                post("/v1/stft?n_fft=64&layout=subbands", Recordings.music()).body();

        assertThat(NpyBytes.read(subbands).shape())
                .isEqualTo(Shape.of(2, 2, 33, complex.shape().size(2)));
        assertThat(post("/v1/phase?layout=subbands", NPY, subbands).body())
                .isEqualTo(post("/v1/phase", NPY, NpyBytes.write(complex)).body());
    }

    @Test
    void multipartAnswersAsARawBodyDoes() {
        byte[] wav = bytes(Recordings.speech());
        byte[] raw = post("/v1/phase?n_fft=400&hop_length=160", WAV, wav).body();

        assertThat(postForm("/v1/phase", Map.of("file", wav), Map.of("n_fft", "400", "hop_length", "160"))
                        .body())
                .isEqualTo(raw);
    }

    @Test
    void jsonInAndOut() {
        String body =
                "{\"audio\": [[0, 0.5, 0, -0.5], [1, 1, 1, 1]], \"sample_rate\": 8000, \"n_fft\": 4, \"hop_length\": 2}";

        HttpResponse<byte[]> response = post("/v1/stft", JSON, body.getBytes(), "Accept", JSON);

        JsonNode answer = json(response);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(answer.at("/spectrogram/real")).hasSize(2);
        assertThat(answer.at("/spectrogram/real/0")).hasSize(3);
        assertThat(answer.at("/spectrogram/real/1/0/1").asDouble()).isCloseTo(2, within(1e-6));
        assertThat(answer.at("/spectrogram/imag/0/0")).hasSize(3);
        assertThat(answer.at("/report/n_fft").asInt()).isEqualTo(4);
    }

    @Test
    void theFormIsTheOneAskedFor() throws IOException {
        byte[] wav = bytes(Recordings.speech());
        byte[] npy = post("/v1/reconstruct", WAV, wav, "Accept", "application/x-npy;q=0.9, audio/wav;q=0.1")
                .body();
        byte[] npz = post("/v1/reconstruct?response_format=npz", WAV, wav, "Accept", WAV)
                .body();
        byte[] pcm = post("/v1/reconstruct?encoding=pcm16", WAV, wav).body();

        assertThat(NpyBytes.read(npy).shape().rank()).isEqualTo(1);
        assertThat(NpzBytes.read(npz)).containsOnlyKeys("audio");
        assertThat(WavBytes.read(pcm).samples(0)).isEqualTo(WavBytes.read(wav).samples(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audio/wav;q=0, */*                      | audio/flac",
                "audio/flac;q=0, audio/*                 | audio/wav",
                "*/*, audio/*;q=0                        | application/x-npy",
                "application/x-npy;q=0.1, audio/*;q=0    | application/x-npy",
                "*/*;q=0.5, application/json             | application/json",
                "application/x-npz, audio/wav            | application/x-npz",
                "application/*, application/x-npy;q=0    | application/x-npz",
                "audio/x-wav                             | audio/wav",
                "*/*                                     | audio/wav"
            })
    void theMostSpecificRangeGivesAFormItsQuality(String accept, String type) {
        byte[] wav = bytes(Recordings.speech());
        for (String path : new String[] {"/v1/reconstruct", "/v1/reconstruct?algorithm=spsi"}) {
            HttpResponse<byte[]> response = post(path, WAV, wav, "Accept", accept);

            assertThat(response.headers().firstValue("Content-Type")).as(path).hasValue(type);
        }
        HttpResponse<byte[]> spectrogram = post("/v1/stft", WAV, wav, "Accept", "application/x-npy;q=0.1, */*");
        assertThat(spectrogram.headers().firstValue("Content-Type")).hasValue(NPZ);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*;q=0", "audio/*;q=0", "application/x-npy;q=0"})
    void aFormOfQualityZeroIsNotAcceptable(String accept) {
        HttpResponse<byte[]> response = post("/v1/stft", WAV, bytes(Recordings.speech()), "Accept", accept);

        assertThat(response.statusCode()).isEqualTo(406);
    }

    @Test
    void aTypeThatSaysNothingIsReadFromTheFirstBytes() {
        byte[] wav = bytes(Recordings.speech());

        assertThat(post("/v1/phase", "application/octet-stream", wav).body())
                .isEqualTo(post("/v1/phase", WAV, wav).body());
    }

    @Test
    void leadingAxesOfAnArrayAreKept() throws IOException {
        float[] noise = Signals.noise(7, 2 * 3 * 1000);
        byte[] audio = NpyBytes.write(NpyArray.real(Shape.of(2, 3, 1000), noise));

        NpyArray spectrogram = npy(post("/v1/stft?n_fft=64", NPY, audio));
        NpyArray back = npy(post("/v1/reconstruct?n_fft=64&input=audio", NPY, audio, "Accept", NPY));

        assertThat(spectrogram.shape()).isEqualTo(Shape.of(2, 3, 33, 63));
        assertThat(relativeError(back, NpyArray.real(Shape.of(2, 3, 1000), noise)))
                .isLessThan(1e-6);
    }

    @Test
    void aDiagnosisSaysWhichBinsAreHazardousAndWhatEachRecipeMakesOfThem() {
        String body = "{\"spectrogram\": {\"real\": [[0, 1e-20], [3, -1]], \"imag\": [[0, 1e-20], [4, 0.5]]}}";

        JsonNode diagnosis = json(post("/v1/phase/diagnose", JSON, body.getBytes()));
        HttpResponse<byte[]> failed = post("/v1/phase/diagnose?fail_on_anomaly=true", JSON, body.getBytes());

        assertThat(diagnosis.get("bins").asInt()).isEqualTo(4);
        assertThat(diagnosis.at("/hazards/zero").asInt()).isEqualTo(1);
        assertThat(diagnosis.at("/hazards/underflow").asInt()).isEqualTo(1);
        assertThat(diagnosis.at("/first/0/index")).hasSize(2);
        assertThat(diagnosis.at("/recipes/0/name").asString()).isEqualTo("naive");
        assertThat(diagnosis.at("/recipes/0/non_finite_gradients").asInt()).isEqualTo(2);
        assertProblem(failed, 422, "anomaly");
    }

    @Test
    void backendsSayWhatComputesAndWhy() {
        JsonNode backends = json(get("/v1/backends"));

        assertThat(backends.get("kernel").asString()).isIn("java", "vector", "nd4j");
        assertThat(backends.get("reason").asString()).isNotBlank();
    }

    @Test
    void healthNeedsNothing() {
        assertThat(json(get("/readyz")).get("status").asString()).isEqualTo("UP");
    }

    private static NpyArray npy(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode())
                .as(new String(response.body(), 0, Math.min(300, response.body().length)))
                .isEqualTo(200);
        return NpyBytes.read(response.body());
    }

    /** ||a - b|| / ||b||. */
    private static double relativeError(NpyArray a, NpyArray b) {
        return Signals.distance(a.real(), b.real()) / Signals.norm(b.real());
    }
}
