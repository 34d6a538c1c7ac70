package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.signal.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every way to feed an operation promises: the values are those of the operation on the whole, bit for bit,
 * however the input is cut. Each way, the engine's and the wire's, has a test of its own that extends this one.
 */
public abstract class LiveContract {

    private static final int SAMPLES = 5000;
    private static final Map<String, String> STFT = Map.of("n_fft", "256", "hop_length", "64");
    private static final Map<String, String> ODD = Map.of("n_fft", "255", "hop_length", "50", "win_length", "201");
    private static final Map<String, String> HALF = Map.of("n_fft", "64", "hop_length", "40", "window", "hamming");

    private static final Map<String, String> ODD_HALF = Map.of("n_fft", "31", "hop_length", "20", "window", "hamming");

    /**
     * An operation with what it is fed.
     *
     * @param values samples, or the values of frames one behind the other
     * @param frame values of a frame; 1 for samples
     * @param inputs what the operation on the whole takes
     */
    public record Fed(
            String name,
            Endpoint endpoint,
            Map<String, String> parameters,
            float[] values,
            int frame,
            Map<String, NpyArray> inputs) {

        @Override
        public String toString() {
            return name + " " + parameters;
        }

        /** The answer to the whole, in the order of the wire. */
        float[] whole() {
            Object[] named = inputs.entrySet().stream()
                    .flatMap(entry -> java.util.stream.Stream.of(entry.getKey(), entry.getValue()))
                    .toArray();
            Answer answer = Calls.run(endpoint, Calls.inputs(named), parameters);
            return answer.audio() != null ? answer.audio().samples(0) : byFrame(only(answer), parameters);
        }
    }

    private static NpyArray only(Answer answer) {
        assertThat(answer.arrays()).hasSize(1);
        return answer.arrays().values().iterator().next();
    }

    /** [bin][frame] to [frame][bin], complex values as pairs. */
    static float[] byFrame(NpyArray array, Map<String, String> parameters) {
        if (!array.isComplex()) {
            return byFrame(array.rowMajor().real(), array.shape().size(-1));
        }
        float[] re = byFrame(array.rowMajor().real(), array.shape().size(-1));
        float[] im = byFrame(array.rowMajor().imaginary(), array.shape().size(-1));
        float[] pairs = new float[2 * re.length];
        for (int i = 0; i < re.length; i++) {
            pairs[2 * i] = re[i];
            pairs[2 * i + 1] = im[i];
        }
        return pairs;
    }

    private static float[] byFrame(float[] rows, int frames) {
        int bins = rows.length / frames;
        float[] turned = new float[rows.length];
        for (int bin = 0; bin < bins; bin++) {
            for (int frame = 0; frame < frames; frame++) {
                turned[frame * bins + bin] = rows[bin * frames + frame];
            }
        }
        return turned;
    }

    static List<Fed> everything() {
        List<Fed> all = new ArrayList<>();
        for (Map<String, String> stft : List.of(STFT, ODD, HALF)) {
            all.add(audio("stft", Endpoint.STFT, stft, SAMPLES));
            all.add(audio("magnitude", Endpoint.STFT, and(stft, "output", "magnitude"), SAMPLES));
            all.add(audio("decibels", Endpoint.STFT, and(stft, "output", "db", "pad_mode", "reflect"), SAMPLES));
            all.add(spectrogram(stft));
            all.add(spectrogram(and(stft, "length", "2001")));
            for (String algorithm : List.of("live", "rtisi_la", "gsrtisi_la")) {
                all.add(magnitude(and(stft, "algorithm", algorithm, "n_iter", "8"), 1));
            }
            for (String algorithm : List.of("rtpghi", "rtpghi_lookahead")) {
                all.add(magnitude(and(stft, "algorithm", algorithm, "seed", "3"), 1));
            }
        }
        // Side by side, an odd number of samples each.
        all.add(spectrogram(Map.of("n_fft", "7", "hop_length", "7", "window", "boxcar")));
        all.add(audio("short stft", Endpoint.STFT, STFT, 200));
        all.add(audio("mel", Endpoint.MEL, and(STFT, "n_mels", "20", "sample_rate", "16000"), SAMPLES));
        all.add(audio("emphasized mel", Endpoint.MEL, Map.of("mel", "nemo_asr"), SAMPLES));
        all.add(audio(
                "mel without its last",
                Endpoint.MEL,
                and(STFT, "n_mels", "9", "sample_rate", "8000", "drop_last_frame", "true", "log", "ln"),
                SAMPLES));
        all.add(audio(
                "the only frame of a mel without its last",
                Endpoint.MEL,
                and(STFT, "n_mels", "9", "sample_rate", "8000", "drop_last_frame", "true"),
                10));
        all.add(audio("a mel of one", Endpoint.MEL, and(STFT, "n_mels", "1", "sample_rate", "8000"), SAMPLES));
        all.add(mels(and(STFT, "n_mels", "1", "sample_rate", "16000", "algorithm", "live")));
        all.add(audio("vocoder's mel", Endpoint.MEL, Map.of("mel", "hifigan"), SAMPLES));
        for (String algorithm : List.of("live", "rtisi_la", "gsrtisi_la", "rtpghi")) {
            // The first frame alone determines samples.
            Map<String, String> parameters = and(ODD_HALF, "algorithm", algorithm);
            all.add(magnitude(algorithm.equals("rtpghi") ? parameters : and(parameters, "n_iter", "8"), 1));
        }
        for (String lookahead : List.of("0", "1", "7")) {
            all.add(magnitude(and(STFT, "algorithm", "live", "lookahead", lookahead, "n_iter", "3"), 1));
        }
        all.add(magnitude(and(STFT, "algorithm", "live", "power", "2", "length", "4444"), 1));
        all.add(magnitude(and(STFT, "algorithm", "live"), 1e-30f));
        all.add(magnitude(and(STFT, "algorithm", "gsrtisi_la", "n_iter", "2"), 1e30f));
        all.add(mels(and(STFT, "n_mels", "20", "sample_rate", "16000", "algorithm", "live")));
        all.add(mels(and(
                STFT,
                "n_mels",
                "20",
                "sample_rate",
                "16000",
                "algorithm",
                "rtpghi",
                "power",
                "2",
                "preemphasis",
                "0.9")));
        all.add(mels(Map.of("mel", "hifigan", "algorithm", "live")));
        all.addAll(stretches());
        return all;
    }

    private static List<Fed> stretches() {
        List<Fed> all = new ArrayList<>();
        for (Map<String, String> stft : List.of(STFT, ODD, HALF)) {
            all.add(stretch(and(stft, "rate", "0.7"), SAMPLES));
            all.add(stretch(and(stft, "rate", "1.37"), SAMPLES));
            all.add(stretch(and(stft, "rate", "1.2", "semitones", "-5"), SAMPLES));
        }
        all.add(stretch(and(STFT, "rate", "1"), SAMPLES));
        all.add(stretch(and(STFT, "rate", "2", "semitones", "12", "n_iter", "2"), SAMPLES));
        for (String rate : List.of("0.1", "10")) {
            for (String semitones : List.of("-24", "0", "24")) {
                Map<String, String> farthest = and(STFT, "rate", rate, "semitones", semitones);
                all.add(stretch(and(farthest, "n_iter", "1", "lookahead", "0"), 1999));
            }
        }
        for (String lookahead : List.of("0", "7")) {
            all.add(stretch(and(STFT, "rate", "0.9", "lookahead", lookahead, "n_iter", "3"), SAMPLES));
        }
        for (int samples : new int[] {0, 1, 2, 31, 127, 4999}) {
            all.add(stretch(and(STFT, "rate", "0.6"), samples));
            all.add(stretch(and(STFT, "rate", "3", "semitones", "7"), samples));
        }
        return all;
    }

    /** Loud, then silent, then quiet, a click, and louder. */
    private static Fed stretch(Map<String, String> parameters, int count) {
        float[] samples = Signals.noise(5, count);
        for (int t = 0; t < count; t++) {
            int part = 5 * t / count;
            samples[t] *= part == 0 ? 0.1f : part == 1 ? 0 : part == 2 ? 1e-6f : 3;
        }
        if (count > 1000) {
            samples[count / 3] = 1;
        }
        NpyArray audio = NpyArray.real(Shape.of(count), samples);
        return new Fed(
                "stretch of " + count,
                Endpoint.STRETCH,
                and(parameters, "algorithm", "live"),
                samples,
                1,
                Map.of("audio", audio));
    }

    static Map<String, String> and(Map<String, String> some, String... more) {
        Map<String, String> all = new HashMap<>(some);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    private static Fed audio(String name, Endpoint endpoint, Map<String, String> parameters, int count) {
        float[] samples = Signals.noise(7, count);
        NpyArray audio = NpyArray.real(Shape.of(count), samples);
        return new Fed(name, endpoint, parameters, samples, 1, Map.of("audio", audio));
    }

    private static int bins(Map<String, String> parameters) {
        return Integer.parseInt(parameters.getOrDefault("n_fft", "1024")) / 2 + 1;
    }

    private static Fed spectrogram(Map<String, String> parameters) {
        int bins = bins(parameters);
        int frames = 60;
        float[] re = Signals.noise(1, bins * frames);
        float[] im = Signals.noise(2, bins * frames);
        NpyArray array = NpyArray.complex(Shape.of(bins, frames), re, im);
        return new Fed(
                "istft",
                Endpoint.ISTFT,
                parameters,
                byFrame(array, parameters),
                2 * bins,
                Map.of("spectrogram", array));
    }

    /** First quiet, then loud, with silence between: what is only known at the end is not known on the way. */
    private static Fed magnitude(Map<String, String> parameters, float scale) {
        int bins = bins(parameters);
        NpyArray array = frames(bins, 60, scale);
        return new Fed(
                "reconstruct",
                Endpoint.RECONSTRUCT,
                parameters,
                byFrame(array.real(), 60),
                bins,
                Map.of("magnitude", array));
    }

    private static NpyArray frames(int bins, int frames, float scale) {
        float[] values = Signals.noise(3, bins * frames);
        for (int i = 0; i < values.length; i++) {
            int frame = i % frames;
            float level = frame < 15 ? 1e-6f : frame < 25 ? 0 : frame < 40 ? 0.1f : 30;
            values[i] = Math.abs(values[i]) * level * scale;
        }
        return NpyArray.real(Shape.of(bins, frames), values);
    }

    private static Fed mels(Map<String, String> parameters) {
        int mels = Integer.parseInt(parameters.getOrDefault("n_mels", "80"));
        NpyArray array = frames(mels, 40, 0.1f);
        return new Fed(
                "mels",
                Endpoint.RECONSTRUCT,
                and(parameters, "input", "mel"),
                byFrame(array.real(), 40),
                mels,
                Map.of("mel", array));
    }

    /** The lengths of pushes: 1 value, 1 frame, random ones, all. */
    static List<int[]> cuts(Fed fed) {
        SplittableRandom random = new SplittableRandom(fed.values().length);
        List<int[]> cuts = new ArrayList<>();
        cuts.add(cut(fed, () -> 1));
        cuts.add(cut(fed, () -> fed.frame() == 1 ? 64 : fed.frame()));
        cuts.add(cut(fed, () -> 1 + random.nextInt(3 * Math.max(64, fed.frame()))));
        cuts.add(new int[] {fed.values().length});
        return cuts;
    }

    private static int[] cut(Fed fed, java.util.function.IntSupplier lengths) {
        List<Integer> all = new ArrayList<>();
        for (int left = fed.values().length; left > 0; left -= all.get(all.size() - 1)) {
            all.add(Math.min(left, lengths.getAsInt()));
        }
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Feeds, and returns all that is answered. */
    protected abstract float[] feed(Fed fed, int[] cut) throws Exception;

    @ParameterizedTest(name = "{0}")
    @MethodSource("everything")
    void liveIsWhole(Fed fed) throws Exception {
        float[] whole = fed.whole();
        for (int[] cut : cuts(fed)) {
            float[] answered = feed(fed, cut);
            assertThat(answered.length).as("values, of %d pushes", cut.length).isEqualTo(whole.length);
            int first = java.util.Arrays.mismatch(answered, whole);
            assertThat(first)
                    .as(
                            "the first value that differs, of %d pushes: %s",
                            cut.length, first < 0 ? "" : answered[first] + " for " + whole[first])
                    .isEqualTo(-1);
        }
    }
}
