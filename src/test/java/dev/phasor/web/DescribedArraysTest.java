package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpzBytes;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** An NPZ that is read back alone is computed as with all parameters: the same figures, the same bits. */
class DescribedArraysTest extends ServiceTest {

    private static final String FRAMES = "n_fft=512&hop_length=128&sample_rate=16000";
    private static final int SAMPLES = 4000;
    private static final int MELS = 20;
    private static final int BINS = 257;

    private static final NpyArray AUDIO = audio();
    private static final Map<String, NpyArray> STATISTICS = Map.of("mean", each(-3), "std", each(2));

    /** The other framings pad too, or not at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pad_mode=constant",
                "pad_mode=reflect",
                "pad_mode=edge",
                "pad_mode=reflect&framing=same",
                "pad_mode=edge&center=false"
            })
    void whatStandsBeyondTheEndsIsSaid(String padding) throws IOException {
        String frames = FRAMES + "&" + padding;

        assertSameSound("/v1/istft", frames, made("/v1/stft", frames), "spectrogram");
        assertSameSound("/v1/reconstruct", frames, made("/v1/stft", frames), "spectrogram");
        byte[] magnitude = made("/v1/stft", frames + "&output=magnitude");
        assertSameSound("/v1/reconstruct", frames, magnitude, "magnitude");
        assertSameFigures(frames, magnitude, "magnitude", "spectral_convergence_db");
        byte[] mel = made("/v1/mel", frames + "&n_mels=20");
        assertSameSound("/v1/reconstruct", frames + "&n_mels=20", mel, "mel");
        assertSameFigures(frames + "&n_mels=20", mel, "mel", "mel_convergence_db");
    }

    /** What was sent beside a preset is not the preset's. */
    @ParameterizedTest
    @CsvSource({"hifigan, constant", "hifigan, edge", "librosa, reflect"})
    void whatStandsBeyondTheEndsIsNotThePresets(String preset, String padding) throws IOException {
        byte[] mel = made("/v1/mel", "mel=" + preset + "&pad_mode=" + padding);

        assertSameFigures("mel=" + preset + "&pad_mode=" + padding, mel, "mel", "mel_convergence_db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&window=gaussian&std=60"})
    void aMelsStatisticsComeBackWithIt(String window) throws IOException {
        String parameters = FRAMES + "&n_mels=20&log=ln" + window;
        byte[] mel = made("/v1/mel", parameters, STATISTICS);

        assertThat(NpzBytes.read(mel)).containsOnlyKeys("mel", "mean", "std");
        assertSameFigures(parameters, mel, "mel", "mel_convergence_db", STATISTICS);
        assertSameSound("/v1/reconstruct", parameters, mel, "mel", STATISTICS);
    }

    @Test
    void aMelsFiltersComeBackWithIt() throws IOException {
        Map<String, NpyArray> filters = Map.of("filterbank", filters());
        byte[] mel = made("/v1/mel", FRAMES, filters);

        assertThat(NpzBytes.read(mel)).containsOnlyKeys("mel", "filterbank");
        assertThat(array(mel, "filterbank").real()).isEqualTo(filters().real());
        assertSameFigures(FRAMES, mel, "mel", "mel_convergence_db", filters);
        assertSameSound("/v1/reconstruct", FRAMES, mel, "mel", filters);
    }

    /** Where an answer holds one array, it is the mel. */
    @Test
    void aMelMadeWithStatisticsIsStillOneArray() throws IOException {
        byte[] sent = with("audio", AUDIO, STATISTICS);
        HttpResponse<byte[]> answer = post("/v1/mel?n_mels=20&" + FRAMES, NPZ, sent);

        assertThat(answer.headers().firstValue("Content-Type")).hasValue(NPY);
        JsonNode json = json(post("/v1/mel?response_format=json&n_mels=20&" + FRAMES, NPZ, sent));
        assertThat(json.propertyNames()).containsExactlyInAnyOrder("mel", "report");
        assertThat(json.get("report").get("pad_mode").asString()).isEqualTo("constant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/istft", "/v1/phase", "/v1/reconstruct"})
    void twoRealPlanesAreASpectrogram(String path) throws IOException {
        byte[] planes = made("/v1/stft", FRAMES + "&layout=subbands");

        HttpResponse<byte[]> alone = post(path, NPZ, planes);
        assertThat(alone.statusCode()).as(text(alone)).isEqualTo(200);
        assertThat(alone.body())
                .isEqualTo(post(
                                path + "?layout=subbands&" + FRAMES + length(path),
                                NPZ,
                                with("spectrogram", array(planes, "spectrogram"), Map.of()))
                        .body());
    }

    @Test
    void theGradientOfTwoRealPlanesIsTwoRealPlanes() throws IOException {
        NpyArray planes = array(made("/v1/stft", FRAMES + "&layout=subbands"), "spectrogram");
        NpyArray cotangent = array(made("/v1/phase", FRAMES), "phase");
        byte[] sent = NpzBytes.write(Map.of("spectrogram", planes, "cotangent", cotangent));
        byte[] gradient = post("/v1/phase/vjp?layout=subbands&response_format=npz", NPZ, sent)
                .body();

        HttpResponse<byte[]> phase = post("/v1/phase", NPZ, gradient);
        assertThat(phase.statusCode()).as(text(phase)).isEqualTo(200);
    }

    private static String length(String path) {
        return path.equals("/v1/phase") ? "" : "&length=" + SAMPLES;
    }

    private byte[] made(String path, String parameters) {
        return made(path, parameters, Map.of());
    }

    private byte[] made(String path, String parameters, Map<String, NpyArray> inputs) {
        HttpResponse<byte[]> answer =
                post(path + "?response_format=npz&" + parameters, NPZ, with("audio", AUDIO, inputs));
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        return answer.body();
    }

    private void assertSameSound(String path, String parameters, byte[] made, String name) throws IOException {
        assertSameSound(path, parameters, made, name, Map.of());
    }

    /** Sound of an array with what the file says, and with all of it sent. */
    private void assertSameSound(String path, String parameters, byte[] made, String name, Map<String, NpyArray> inputs)
            throws IOException {
        String asked = path + (name.equals("spectrogram") ? "?" : "?n_iter=4");
        HttpResponse<byte[]> alone = post(asked, NPZ, made);
        assertThat(alone.statusCode()).as(text(alone)).isEqualTo(200);
        HttpResponse<byte[]> told =
                post(asked + "&length=" + SAMPLES + "&" + parameters, NPZ, with(name, array(made, name), inputs));
        assertThat(told.statusCode()).as(text(told)).isEqualTo(200);
        assertThat(alone.body()).as(path + " of " + name).isEqualTo(told.body());
        assertThat(report(alone).get("pad_mode"))
                .isNotNull()
                .isEqualTo(report(told).get("pad_mode"));
    }

    private void assertSameFigures(String parameters, byte[] made, String name, String figure) throws IOException {
        assertSameFigures(parameters, made, name, figure, Map.of());
    }

    /** Of audio against what was made of it: nearly nothing is between them. */
    private void assertSameFigures(
            String parameters, byte[] made, String name, String figure, Map<String, NpyArray> inputs)
            throws IOException {
        byte[] audio = NpzBytes.write(Map.of("audio", AUDIO));
        JsonNode alone = json(postForm("/v1/evaluate", Map.of("audio", audio, name, made), Map.of()));
        Map<String, NpyArray> both = new LinkedHashMap<>(inputs);
        both.put(name, array(made, name));
        JsonNode told = json(post("/v1/evaluate?" + parameters, NPZ, with("audio", AUDIO, both)));

        assertThat(alone.has(figure)).as(alone.toString()).isTrue();
        assertThat(alone.get(figure)).as(parameters).isEqualTo(told.get(figure));
        assertThat(alone.get(figure).asDouble()).as(parameters).isLessThan(-100);
    }

    private static NpyArray array(byte[] npz, String name) throws IOException {
        return Objects.requireNonNull(NpzBytes.read(npz).get(name));
    }

    private static byte[] with(String name, NpyArray array, Map<String, NpyArray> others) {
        Map<String, NpyArray> all = new LinkedHashMap<>(others);
        all.put(name, array);
        try {
            return NpzBytes.write(all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A tone that ends where it does not begin, in noise. */
    private static NpyArray audio() {
        float[] samples = Signals.noise(12, SAMPLES);
        for (int t = 0; t < SAMPLES; t++) {
            samples[t] = 0.05f * samples[t] + (float) (0.3 * Math.cos(0.1 * t));
        }
        return NpyArray.real(Shape.of(SAMPLES), samples);
    }

    /** A value for each mel. */
    private static NpyArray each(float value) {
        float[] values = new float[MELS];
        Arrays.fill(values, value);
        return NpyArray.real(Shape.of(MELS), values);
    }

    /** Bells of pitch. */
    private static NpyArray filters() {
        float[] weights = new float[MELS * BINS];
        for (int i = 0; i < weights.length; i++) {
            double distance = (i % BINS - 12.5 * (i / BINS)) / 10;
            weights[i] = (float) Math.exp(-distance * distance);
        }
        return NpyArray.real(Shape.of(MELS, BINS), weights);
    }
}
