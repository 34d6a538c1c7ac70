package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.phasor.Recordings;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people send who know librosa and torch: each is told what was sent, the rule, and what to do. */
class HonestMistakesTest extends ServiceTest {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String OCTETS = "application/octet-stream";

    /** Of the spectrograms here: n_fft 512, hop 128. */
    private static final String RECONSTRUCT = "/v1/reconstruct?sample_rate=16000&hop_length=128&n_iter=32";

    /** Without iterations, whose convergence would tell. */
    private static final String PGHI = "/v1/reconstruct?sample_rate=16000&hop_length=128&algorithm=pghi";

    private static final String INVERT = "/v1/reconstruct?sample_rate=16000&hop_length=128";
    private static final float[] SPEECH =
            Arrays.copyOf(Recordings.read(Recordings.speech()).samples(0), 30600);
    private static final float[] SPEECH_POWER = new float[251 * 257];

    static {
        for (int i = 0; i < SPEECH_POWER.length; i++) {
            SPEECH_POWER[i] = SPEECH[i % SPEECH.length] * SPEECH[i % SPEECH.length];
        }
    }

    private static final ComplexSpectrogram Z =
            new Stft(StftParameters.hann(512, 128)).forward(AudioSignal.mono(SPEECH, 16000));
    private static final int BINS = Z.shape().bins();
    private static final int FRAMES = Z.shape().frames();

    private static byte[] bytes(String latin1) {
        return Arrays.copyOf(latin1.getBytes(StandardCharsets.ISO_8859_1), 400);
    }

    private static byte[] npy(NpyArray array) {
        try {
            return NpyBytes.write(array);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] complex() {
        return npy(NpyArray.of(Z, SpectrogramLayout.COMPLEX));
    }

    /** The magnitudes as something makes others of them. */
    private static byte[] magnitude(int bins, Value value) {
        float[] plane = Z.magnitude().values(0);
        float[] values = new float[bins * FRAMES];
        for (int frame = 0; frame < FRAMES; frame++) {
            for (int bin = 0; bin < bins; bin++) {
                int from = bin < BINS ? bin : Math.floorMod(2 * (BINS - 1) - bin, BINS);
                values[frame * bins + bin] = value.of(plane[frame * BINS + from]);
            }
        }
        return npy(NpyArray.of(
                new RealSpectrogram(new SpectrogramShape(Shape.SCALAR, bins, FRAMES), new float[][] {values})));
    }

    private interface Value {
        float of(float magnitude);
    }

    private static float decibels(float magnitude) {
        return (float) (20 * Math.log10(Math.max(1e-5, magnitude)));
    }

    private static byte[] transposed() {
        NpyArray array = NpyArray.of(Z.magnitude());
        return npy(NpyArray.of(
                new RealSpectrogram(new SpectrogramShape(Shape.SCALAR, FRAMES, BINS), new float[][] {array.real()})));
    }

    private static NpyArray transposedComplex() {
        ComplexSpectrogram turned = new ComplexSpectrogram(
                new SpectrogramShape(Shape.SCALAR, FRAMES, BINS),
                new float[][] {Z.re(0).clone()},
                new float[][] {Z.im(0).clone()});
        return NpyArray.of(turned, SpectrogramLayout.COMPLEX);
    }

    static Stream<Arguments> files() {
        byte[] wav = ServiceTest.bytes(Recordings.speech());
        return Stream.of(
                arguments("an empty body", "/v1/reconstruct", WAV, new byte[0], 400, "the body is empty"),
                arguments("an empty array", "/v1/phase", NPY, new byte[0], 400, "the body is empty"),
                arguments("an empty object", "/v1/phase", JSON, new byte[0], 400, "the body is empty"),
                arguments(
                        "no file in a form",
                        "/v1/phase",
                        "multipart/form-data; boundary=B",
                        "--B--\r\n".getBytes(),
                        400,
                        "must be a sound file or an array, got none"),
                arguments(
                        "MP3 named as WAV",
                        "/v1/reconstruct",
                        WAV,
                        bytes("\u00ff\u00fb\u0090"),
                        400,
                        "an MP3 file, audio/mpeg"),
                arguments(
                        "MP3",
                        "/v1/reconstruct",
                        "audio/mpeg",
                        bytes("\u00ff\u00fb\u0090"),
                        400,
                        "the mp3 file must be one that ffmpeg decodes"),
                arguments(
                        "Ogg without a type",
                        "/v1/reconstruct",
                        OCTETS,
                        bytes("OggS"),
                        400,
                        "the ogg file must be one that ffmpeg decodes"),
                arguments(
                        "WAV named as MP3",
                        "/v1/stft",
                        "audio/mpeg",
                        wav,
                        400,
                        "audio/mpeg must be such a file, got a WAV"),
                arguments("M4A named as WAV", "/v1/stft", WAV, bytes("\0\0\0 ftypM4A "), 400, "an MPEG-4 file"),
                arguments("AIFF named as WAV", "/v1/stft", WAV, bytes("FORM\0\0\0\0AIFF"), 400, "an AIFF file"),
                arguments("-d for --data-binary", "/v1/reconstruct", FORM, wav, 415, "use --data-binary @FILE"),
                arguments("NPY named as WAV", "/v1/reconstruct", WAV, complex(), 400, "an NPY file"),
                arguments("WAV named as NPY", "/v1/stft", NPY, wav, 400, "a WAV file"),
                arguments("WAV named as FLAC", "/v1/stft", "audio/flac", wav, 400, "a WAV file"),
                arguments("JSON named as NPY", "/v1/phase", NPY, "{\"audio\": [1]}".getBytes(), 400, "got JSON"),
                arguments("WAV named as JSON", "/v1/stft", JSON, wav, 400, "a WAV file"),
                arguments("a WAV to /v2", "/v2/models/stft/infer", WAV, wav, 400, "a WAV file"),
                arguments(
                        "a pickle",
                        "/v1/phase",
                        NPY,
                        bytes("\u0080\u0004\u0095"),
                        400,
                        "a pickle, which is not read; send numpy.save"),
                arguments("text", "/v1/phase", NPY, "hello".getBytes(), 400, "got text"),
                arguments("a list", "/v1/phase", JSON, "[1, 2, 3]".getBytes(), 400, "must be an object, got a list"),
                arguments("NaN in JSON", "/v1/phase", JSON, "{\"audio\": [NaN]}".getBytes(), 400, "NaN"),
                arguments(
                        "base64 in JSON",
                        "/v1/stft",
                        JSON,
                        ("{\"audio\": \"" + Base64.getEncoder().encodeToString(new byte[30]) + "\"}").getBytes(),
                        400,
                        "base64 is not read"),
                arguments(
                        "JSON that is cut",
                        "/v1/stft",
                        JSON,
                        "{\"audio\": [0, 1".getBytes(),
                        400,
                        "it ends before all its lists and objects do"),
                arguments(
                        "parameters in an object of their own",
                        "/v1/stft",
                        JSON,
                        "{\"audio\": [0, 1], \"parameters\": {\"n_fft\": 4}}".getBytes(),
                        400,
                        "parameters stand beside the values"),
                arguments("HDF5", "/v1/phase", NPY, bytes("\u0089HDF\r\n\u001a\n"), 400, "an HDF5 file"),
                arguments("a picture", "/v1/phase", NPY, bytes("\u0089PNG\r\n\u001a\n"), 400, "a picture"),
                arguments("HTML", "/v1/stft", WAV, bytes("<!DOCTYPE html>"), 400, "HTML"),
                arguments(
                        "a pointer of Git LFS",
                        "/v1/stft",
                        WAV,
                        bytes("version https://git-lfs.github.com/spec/v1"),
                        400,
                        "git lfs pull"),
                arguments(
                        "another boundary",
                        "/v1/stft",
                        "multipart/form-data; boundary=A",
                        "--B\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n1\r\n--B--\r\n".getBytes(),
                        400,
                        "no part of the form begins with the boundary"),
                arguments(
                        "a cotangent alone",
                        "/v1/phase/vjp",
                        JSON,
                        "{\"cotangent\": [[1, 2]]}".getBytes(),
                        400,
                        "got cotangent alone"),
                arguments(
                        "sources without their axis",
                        "/v1/separate?sample_rate=8000",
                        JSON,
                        "{\"audio\": [0, 1, 0, 1], \"magnitude\": [[1, 1], [1, 1], [1, 1]]}".getBytes(),
                        422,
                        "for one source put an axis of 1 before the others"),
                arguments("no /v1", "/stft", WAV, wav, 404, "paths begin with /v1"),
                arguments(
                        "a magnitude alone to the training step",
                        "/v1/reconstruct/vjp?loss=mse",
                        JSON,
                        "{\"magnitude\": [[1, 1], [1, 1], [1, 1]], \"target\": [1, 2]}".getBytes(),
                        400,
                        "the input spectrogram or audio must be given"),
                arguments(
                        "a phase without init=given",
                        "/v1/reconstruct?sample_rate=8000",
                        JSON,
                        "{\"magnitude\": [[1, 1], [1, 1], [1, 1]], \"phase\": [[1, 1], [1, 1], [1, 1]]}".getBytes(),
                        400,
                        "init must be given (init=given) to start from the input phase, got pghi"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void files(String name, String path, String type, byte[] body, int status, String told) {
        assertRefused(post(path, type, body), status, told);
    }

    static Stream<Arguments> arrays() {
        int two = 2 * (BINS - 1);
        return Stream.of(
                arguments(
                        "transposed",
                        RECONSTRUCT,
                        transposed(),
                        "transposed: [" + FRAMES + ", 257] must be [..., bins, frames]"),
                arguments(
                        "transposed, n_fft given",
                        RECONSTRUCT + "&n_fft=512",
                        transposed(),
                        "exchange the last two axes"),
                arguments(
                        "channels last",
                        "/v1/stft",
                        npy(NpyArray.real(Shape.of(32000, 2), new float[64000])),
                        "channels_last: audio must be [..., samples], got [32000, 2]"),
                arguments(
                        "few channels last",
                        "/v1/phase",
                        npy(NpyArray.real(Shape.of(200, 2), new float[400])),
                        "channels_last: audio must be [..., samples], got [200, 2]"),
                arguments(
                        "a minute of channels last",
                        "/v1/stft",
                        npy(NpyArray.real(Shape.of(1_000_000, 2), new float[2_000_000])),
                        "exchange its last two axes"),
                arguments(
                        "bins, frames, channel",
                        RECONSTRUCT,
                        npy(NpyArray.real(Shape.of(257, 240, 1), new float[257 * 240])),
                        "looks like [bins, frames, channels]"),
                arguments("transposed and complex", INVERT, npy(transposedComplex()), "exchange its last two axes"),
                arguments(
                        "another n_fft", "/v1/phase?n_fft=4096", npy(transposedComplex()), "n_fft 4096 has 2049 bins"),
                arguments("a mel", RECONSTRUCT, magnitude(80, value -> value), "mel: a magnitude of 80 bins"),
                arguments(
                        "a log-mel",
                        RECONSTRUCT,
                        magnitude(80, value -> (float) Math.log(1e-5 + value)),
                        "a logarithm (ln, dB, log-mel) must be undone"),
                arguments(
                        "decibels",
                        RECONSTRUCT,
                        magnitude(BINS, HonestMistakesTest::decibels),
                        "a logarithm (ln, dB, log-mel) must be undone"),
                arguments("a phase", RECONSTRUCT, magnitude(BINS, value -> value - 1), "magnitude must be >= 0"),
                arguments("two-sided", RECONSTRUCT, magnitude(two, value -> value), "two_sided: bin k and bin 512 - k"),
                arguments(
                        "two-sided, n_fft given",
                        RECONSTRUCT + "&n_fft=512",
                        magnitude(two, value -> value),
                        "send its first 257 bins"),
                arguments(
                        "no Nyquist bin, n_fft given",
                        RECONSTRUCT + "&n_fft=512",
                        magnitude(BINS - 1, value -> value),
                        "the bin at half the sample rate is missing"),
                arguments(
                        "complex as [2, bins, frames]",
                        RECONSTRUCT,
                        npy(NpyArray.real(Shape.of(2, 3, 2), new float[] {1, -1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})),
                        "complex64 or with layout=subbands"),
                arguments(
                        "complex as [2, bins, frames], to phase",
                        "/v1/phase",
                        npy(NpyArray.real(Shape.of(2, 257, 5), new float[2 * 257 * 5])),
                        "with layout=subbands"),
                arguments("a magnitude, to phase", "/v1/phase", magnitude(BINS, value -> value), "no_audio: "),
                arguments("a magnitude, to stft", "/v1/stft", magnitude(BINS, value -> value), "input=audio if it is"),
                arguments(
                        "a magnitude, to diagnose",
                        "/v1/phase/diagnose",
                        magnitude(BINS, value -> value),
                        "a magnitude has no phase"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void arrays(String name, String path, byte[] array, String told) {
        assertRefused(post(path, NPY, array), 422, told);
    }

    static Stream<Arguments> doubtful() {
        return Stream.of(
                arguments(
                        "no Nyquist bin, or an odd n_fft",
                        RECONSTRUCT,
                        magnitude(BINS - 1, value -> value),
                        "unusual_n_fft: n_fft=510"),
                arguments(
                        "a mel of as many bands as a power of two",
                        "/v1/reconstruct?algorithm=pghi&hop_length=32&sample_rate=16000",
                        magnitude(128, value -> value),
                        "of a mel say which, as mel=hifigan"),
                arguments(
                        "transposed, with a usual number of frames",
                        RECONSTRUCT,
                        npy(NpyArray.real(Shape.of(251, 257), SPEECH_POWER)),
                        "transposed: [251, 257]"),
                arguments("log1p", PGHI, magnitude(BINS, value -> (float) Math.log1p(100 * value)), "blunt_peaks: "),
                arguments("a root", PGHI, magnitude(BINS, value -> (float) Math.sqrt(value)), "blunt_peaks: "),
                arguments(
                        "a power, without iterations", PGHI, magnitude(BINS, value -> value * value), "sharp_peaks: "),
                arguments(
                        "samples of integers",
                        "/v1/stft",
                        npy(NpyArray.real(Shape.of(SPEECH.length), integers())),
                        "full_scale: "),
                arguments(
                        "a hop beyond the window",
                        "/v1/stft?n_fft=256&hop_length=512",
                        npy(NpyArray.real(Shape.of(SPEECH.length), SPEECH)),
                        "gaps: "),
                arguments("kHz for Hz", INVERT.replace("16000", "16"), complex(), "sample_rate: 16 Hz"),
                arguments("a power", RECONSTRUCT, magnitude(BINS, value -> value * value), "far_from_converged"),
                arguments(
                        "positive decibels",
                        RECONSTRUCT,
                        magnitude(BINS, value -> 100 + decibels(value)),
                        "logarithm: "),
                arguments(
                        "another hop",
                        RECONSTRUCT.replace("=128", "=64"),
                        magnitude(BINS, value -> value),
                        "far_from_converged"),
                arguments("another hop, complex", INVERT.replace("=128", "=256"), complex(), "inconsistent: "),
                arguments(
                        "another hop, inverted",
                        INVERT.replace("=128", "=256").replace("reconstruct", "istft"),
                        complex(),
                        "inconsistent: "),
                arguments(
                        "half the hop, inverted",
                        INVERT.replace("=128", "=64").replace("reconstruct", "istft"),
                        complex(),
                        "inconsistent: "),
                arguments("another window length", INVERT + "&win_length=256", complex(), "inconsistent: "),
                arguments(
                        "too loud", INVERT, npy(NpyArray.of(louder(), SpectrogramLayout.COMPLEX)), "clips: the peak"));
    }

    private static float[] integers() {
        float[] samples = SPEECH.clone();
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= 32768;
        }
        return samples;
    }

    private static ComplexSpectrogram louder() {
        float[] re = Z.re(0).clone();
        float[] im = Z.im(0).clone();
        for (int i = 0; i < re.length; i++) {
            re[i] *= 20;
            im[i] *= 20;
        }
        return new ComplexSpectrogram(Z.shape(), new float[][] {re}, new float[][] {im});
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void doubtful(String name, String path, byte[] array, String warning) {
        HttpResponse<byte[]> response = post(path, NPY, array);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(report(response).get("warnings").toString()).contains(warning);
    }

    @Test
    void whatIsRightIsNotWarnedOf() {
        for (HttpResponse<byte[]> response :
                List.of(post(RECONSTRUCT, NPY, magnitude(BINS, value -> value)), post(INVERT, NPY, complex()))) {
            assertThat(report(response).has("warnings")).isFalse();
            assertThat(report(response).get("n_fft_from").asString()).isEqualTo("bins");
            assertThat(report(response).get("sample_rate").asInt()).isEqualTo(16000);
            assertThat(report(response).get("peak").asDouble()).isBetween(0.01, 1.0);
        }
    }

    /** The default length cuts the last frames, and with them most of what sounds here. */
    @Test
    void aLoudEndIsNotWarnedOf() {
        float[] samples = new float[30 * 1024 + 900];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (i < samples.length - 900 ? 0.02f : 0.9f) * (float) Math.sin(0.3 * i * (1 + 1e-4 * i));
        }
        String transform = "n_fft=512&hop_length=256";
        byte[] cut = post("/v1/stft?" + transform, NPY, npy(NpyArray.real(Shape.of(samples.length), samples)))
                .body();

        HttpResponse<byte[]> response = post("/v1/istft?sample_rate=16000&" + transform, NPY, cut);

        assertThat(report(response).has("warnings")).as(text(response)).isFalse();
        assertThat(report(response).get("inconsistency_db").asDouble()).isGreaterThan(-20);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/phase/vjp, spectrogram, cotangent, 'cotangent must be float [..., bins, frames], got c8 '",
        "/v1/reconstruct/vjp, spectrogram, cotangent, 'cotangent must be float [..., samples], got c8 '",
        "/v1/reconstruct?mel=hifigan, mel, , 'mel must be float [..., bins, frames], got c8 '",
        "/v1/reconstruct, magnitude, , 'magnitude must be float [..., bins, frames], got c8 '"
    })
    void theInputThatIsWrongIsNamed(String path, String first, @Nullable String second, String told) {
        Map<String, byte[]> parts = new HashMap<>(Map.of(first, complex()));
        if (second != null) {
            parts.put(second, complex());
        }
        assertRefused(postForm(path, parts, Map.of()), 422, told);
    }

    @Test
    void twoMagnitudesAreEvaluatedAsSound() {
        byte[] magnitude = magnitude(BINS, value -> value);

        HttpResponse<byte[]> response =
                postForm("/v1/evaluate", Map.of("audio", magnitude, "reference", magnitude), Map.of());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("warnings").toString()).contains("no_audio: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"magnitude", "spectrogram", "file"})
    void aMelBesideAnotherInput(String other) {
        byte[] array = other.equals("spectrogram") ? complex() : magnitude(BINS, value -> value);
        Map<String, byte[]> parts = Map.of("mel", magnitude(80, value -> value), other, array);

        assertRefused(
                postForm("/v1/reconstruct?sample_rate=16000&n_iter=1", parts, Map.of()),
                400,
                "the input mel must be left out beside the input " + other);
    }

    @Test
    void theNameOfAnInputIsMisspelled() {
        HttpResponse<byte[]> response =
                postForm("/v1/reconstruct", Map.of("magnitud", magnitude(BINS, value -> value)), Map.of("n_iter", "1"));

        assertRefused(response, 400, "of an input one of ");
        assertThat(text(response)).contains("got magnitud; did you mean magnitude?");
    }

    @ParameterizedTest
    @CsvSource({
        "hop_lenght=128, did you mean hop_length?",
        "n_ftt=512, did you mean n_fft?",
        "n_mels=80, n_mels must be left out without the input mel",
        "windows=hann, did you mean window?",
        "sr=8000, 'sample_rate must be left out, or the file''s, 16000'",
        "n_iter=10, n_iter must be left out with algorithm=istft",
        "algorithm=griffinlim&momentum=0.5, momentum must be left out with algorithm=griffinlim",
        "algorithm=pghi&n_iter=5, n_iter must be left out with algorithm=pghi",
        "algorithm=griffinlim&floor=1e-3, floor must be left out with algorithm=griffinlim",
        "response_format=npy&encoding=pcm16, encoding must be left out where the answer is NPY",
        "window=hanm, did you mean hann?",
        "response_format=mp3, must be one of wav"
    })
    void parameters(String query, String told) {
        assertRefused(post("/v1/reconstruct?" + query, Recordings.speech()), 400, told);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/reconstruct?power=2, power must be left out without the input magnitude",
        "/v1/reconstruct?power=2&algorithm=spsi, power must be left out without the input magnitude",
        "/v1/stft?mel=whisper&n_fft=256, mel must be left out of stft",
        "'/v1/mel?mel=whisper&n_fft=256', 'n_fft=256, in 1..256, since that of mel=whisper is longer, got 400'",
        "/v1/mel?mel=whisper&n_fft=256&win_length=400, 'win_length must be in 1..256, got 400'"
    })
    void whatOthersWouldUse(String path, String told) {
        assertRefused(post(path, Recordings.speech()), 400, told);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/evaluate?power=2, reference, power must be left out without the input magnitude or mel",
        "/v1/reconstruct/vjp?loss=mse&power=2, target, power must be left out without a magnitude",
        "/v1/reconstruct/vjp?loss=mse, cotangent, loss must be left out without the input target"
    })
    void whatAnotherInputWouldUse(String path, String other, String told) {
        byte[] speech = bytes(Recordings.speech());

        assertRefused(postForm(path, Map.of("audio", speech, other, speech), Map.of()), 400, told);
    }

    @Test
    void aNumberWhereAnArrayMustStand() {
        byte[] body = "{\"audio\": 3}".getBytes(StandardCharsets.UTF_8);

        assertRefused(post("/v1/stft", JSON, body), 400, "the input audio must be an array");
    }

    @ParameterizedTest
    @CsvSource({
        "hop=128, hop_length=128",
        "nfft=512.0, n_fft=512",
        "window=hanning, window=hann",
        "window=blackman-harris, window=blackmanharris",
        "pad_mode=replicate, pad_mode=edge",
        "sr=16000, sample_rate=16000",
        "algorithm=griffin_lim&niter=2, algorithm=griffinlim&n_iter=2"
    })
    void otherLibrariesNamesAreKnown(String theirs, String ours) {
        byte[] expected = post("/v1/reconstruct?" + ours, Recordings.speech()).body();
        HttpResponse<byte[]> response = post("/v1/reconstruct?" + theirs, Recordings.speech());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Arrays.equals(response.body(), expected)).isTrue();
    }

    @Test
    void aTypeOfNumbersThatIsNotRead() {
        byte[] array = npy(NpyArray.real(Shape.of(2), new float[2]));
        byte[] longs = new String(array, StandardCharsets.ISO_8859_1)
                .replace("<f4", "<i8")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(post("/v1/stft", NPY, longs), 400, "convert it first, as array.astype(numpy.float32)");
    }

    @Test
    void aTargetShorterThanItsSpectrogram() {
        HttpResponse<byte[]> response = post(
                "/v1/reconstruct/vjp?loss=mse&hop_length=2",
                JSON,
                ("{\"spectrogram\": {\"real\": [[1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]],"
                                + " \"imag\": [[0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]]},"
                                + " \"target\": [0, 1]}")
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(report(response).get("warnings").toString()).contains("short_target: the target has 2 samples");
    }

    @Test
    void oneParameterUnderTwoNames() {
        assertRefused(
                post("/v1/stft?hop=128&hop_length=256", Recordings.speech()), 400, "hop_length must be given once");
    }

    private void assertRefused(HttpResponse<byte[]> response, int status, String told) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
        assertThat(text(response)).doesNotContain("dev.phasor", "java", "jackson", "START_", "VALUE_", "token");
        var body = json(response);
        assertThat((body.has("detail") ? body.get("detail") : body.get("error")).asString())
                .contains(told);
    }
}
