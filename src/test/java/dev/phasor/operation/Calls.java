package dev.phasor.operation;

import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.Progress;
import dev.phasor.signal.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Calls of every operation, algorithm and loss, of any size. */
public final class Calls {

    private static final Binder DEFAULTS = new Binder(new MapConfigurationPropertySource());
    public static final Limits LIMITS = DEFAULTS.bindOrCreate("phasor.limits", Limits.class);
    static final ComputeSettings COMPUTE = DEFAULTS.bindOrCreate("phasor.compute", ComputeSettings.class);
    public static final Maxima MAXIMA = new Maxima(LIMITS, COMPUTE);

    /** The most work of a small request. */
    static final int SMALL_WORK = COMPUTE.smallWork();

    private static final Kernels KERNELS = Kernels.best();
    private static final TransformSettings SETTINGS = new TransformSettings(LIMITS);

    private static final Map<Endpoint, Operation> OPERATIONS = Operations.all(SETTINGS, KERNELS);

    private Calls() {}

    /** A call that can be made again and again. */
    record Example(String name, Endpoint endpoint, Inputs inputs, Map<String, String> parameters) {

        Call call() {
            return new Call(
                    inputs, new Parameters(endpoint, parameters, MAXIMA), new MemoryBudget(Long.MAX_VALUE).open());
        }

        Answer run() {
            return observed(Progress.NONE);
        }

        Answer observed(Progress progress) {
            return Objects.requireNonNull(OPERATIONS.get(endpoint)).run(call().with(progress));
        }

        Account account(int threads) {
            return Account.of(Geometry.of(endpoint, call(), SETTINGS, KERNELS.transform(), threads)
                    .orElseThrow());
        }

        Example with(Map<String, String> more) {
            Map<String, String> all = new HashMap<>(parameters);
            all.putAll(more);
            return new Example(name + " " + more, endpoint, inputs, all);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static TransformSettings settings() {
        return SETTINGS;
    }

    /** A call of parameters as they are sent. */
    static Call call(Endpoint endpoint, Inputs inputs, Map<String, String> parameters) {
        return new Example(endpoint.wireName(), endpoint, inputs, parameters).call();
    }

    static Answer run(Endpoint endpoint, Inputs inputs, Map<String, String> parameters) {
        return new Example(endpoint.wireName(), endpoint, inputs, parameters).run();
    }

    static Answer run(Endpoint endpoint, Inputs inputs, Map<String, String> parameters, Progress progress) {
        return new Example(endpoint.wireName(), endpoint, inputs, parameters).observed(progress);
    }

    /** One of each. */
    static List<Example> of(int items, int fftSize, int hop, int frames) {
        int bins = fftSize / 2 + 1;
        int samples = hop * (frames - 1) + hop / 2;
        Map<String, String> stft = Map.of("n_fft", "" + fftSize, "hop_length", "" + hop);
        Map<String, String> inverse = new HashMap<>(stft);
        inverse.put("length", "" + samples);
        NpyArray audio = NpyArray.real(Shape.of(items, samples), noise(items * samples));
        Map<String, String> subbands = new HashMap<>(stft);
        subbands.put("layout", "subbands");
        Map<String, String> magnitudes = new HashMap<>(subbands);
        magnitudes.put("output", "magnitude");
        NpyArray magnitude = magnitude(items, bins, frames);
        NpyArray spectrogram = NpyArray.complex(magnitude.shape(), noise(magnitude.real().length), magnitude.real());
        List<Example> examples = new ArrayList<>(List.of(
                new Example("stft", Endpoint.STFT, inputs("audio", audio), stft),
                new Example("stft to subbands", Endpoint.STFT, inputs("file", audio), subbands),
                new Example("stft to magnitude", Endpoint.STFT, inputs("file", audio), magnitudes),
                new Example("istft", Endpoint.ISTFT, inputs("spectrogram", spectrogram), inverse),
                new Example("phase of audio", Endpoint.PHASE, inputs("audio", audio), stft),
                new Example("phase", Endpoint.PHASE, inputs("spectrogram", spectrogram), Map.of()),
                new Example(
                        "phase_vjp",
                        Endpoint.PHASE_VJP,
                        inputs("spectrogram", spectrogram, "cotangent", magnitude),
                        Map.of()),
                new Example("diagnose", Endpoint.PHASE_DIAGNOSE, inputs("spectrogram", spectrogram), Map.of()),
                new Example("evaluate", Endpoint.EVALUATE, inputs("audio", audio, "reference", audio), stft),
                new Example(
                        "evaluate magnitude", Endpoint.EVALUATE, inputs("audio", audio, "magnitude", magnitude), stft),
                new Example("reconstruct audio", Endpoint.RECONSTRUCT, inputs("audio", audio), stft),
                new Example("reconstruct", Endpoint.RECONSTRUCT, inputs("spectrogram", spectrogram), inverse),
                new Example(
                        "recombine",
                        Endpoint.RECONSTRUCT,
                        inputs("spectrogram", spectrogram, "magnitude", magnitude),
                        inverse)));
        examples.addAll(mels(items, stft, inverse, audio, frames));
        for (Algorithm algorithm : Algorithm.values()) {
            Example example =
                    new Example(algorithm.wireName(), Endpoint.RECONSTRUCT, inputs("magnitude", magnitude), inverse);
            examples.add(example.with(
                    algorithm.iterative()
                            ? Map.of("algorithm", algorithm.wireName(), "n_iter", "8")
                            : Map.of("algorithm", algorithm.wireName())));
        }
        examples.add(new Example(
                        "given phase and mask",
                        Endpoint.RECONSTRUCT,
                        inputs("magnitude", magnitude, "phase", magnitude, "mask", magnitude),
                        inverse)
                .with(Map.of("algorithm", "griffinlim", "n_iter", "8", "init", "given")));
        for (String loss : List.of(
                "mse",
                "spectral_convergence",
                "log_stft",
                "multi_resolution_stft",
                "phase",
                "mel",
                "multi_scale_mel")) {
            Map<String, String> with = new HashMap<>(stft);
            with.putAll(Map.of("loss", loss, "sample_rate", "16000"));
            examples.add(new Example(
                    "vjp " + loss,
                    Endpoint.RECONSTRUCT_VJP,
                    inputs("spectrogram", spectrogram, "target", audio),
                    with));
            examples.add(new Example(
                    "vjp of audio " + loss, Endpoint.RECONSTRUCT_VJP, inputs("audio", audio, "target", audio), with));
        }
        examples.add(new Example(
                "vjp recombined",
                Endpoint.RECONSTRUCT_VJP,
                inputs("spectrogram", spectrogram, "magnitude", magnitude, "cotangent", audio),
                stft));
        for (String through : List.of("unrolled", "implicit", "constant_phase")) {
            examples.add(new Example(
                            "iterated vjp " + through,
                            Endpoint.RECONSTRUCT_VJP,
                            inputs("magnitude", magnitude, "cotangent", audio),
                            stft)
                    .with(Map.of("algorithm", "agla", "n_iter", "12", "through", through)));
        }
        NpyArray map = NpyArray.real(Shape.of(2, 2), new float[] {0, 0, samples / 16000f, samples / 20000f});
        examples.add(new Example("stretch", Endpoint.STRETCH, inputs("audio", audio), stft)
                .with(Map.of("rate", "0.8", "n_iter", "8")));
        examples.add(new Example("stretch frame by frame", Endpoint.STRETCH, inputs("audio", audio), stft)
                .with(Map.of("rate", "0.8", "algorithm", "live", "n_iter", "2")));
        examples.add(new Example("another pitch", Endpoint.STRETCH, inputs("audio", audio), stft)
                .with(Map.of("semitones", "3", "n_iter", "8")));
        examples.add(new Example("stretch by a map", Endpoint.STRETCH, inputs("audio", audio, "time_map", map), stft)
                .with(Map.of("sample_rate", "16000", "n_iter", "1")));
        examples.addAll(sources(items, bins, frames, stft, audio));
        return examples;
    }

    private static List<Example> sources(int items, int bins, int frames, Map<String, String> stft, NpyArray audio) {
        NpyArray magnitude = NpyArray.real(
                Shape.of(3, items, bins, frames),
                magnitude(3 * items, bins, frames).real());
        NpyArray estimate = NpyArray.complex(magnitude.shape(), magnitude.real(), magnitude.real());
        int samples = audio.shape().size(-1);
        NpyArray cotangent = NpyArray.real(Shape.of(3, items, samples), noise(3 * items * samples));
        return List.of(
                new Example("separate", Endpoint.SEPARATE, inputs("audio", audio, "magnitude", magnitude), stft)
                        .with(Map.of("residual", "true")),
                new Example(
                                "separate of powers with references",
                                Endpoint.SEPARATE,
                                inputs("audio", audio, "magnitude", magnitude, "reference", cotangent),
                                stft)
                        .with(Map.of("power", "2", "n_iter", "4")),
                new Example(
                                "separate of estimates",
                                Endpoint.SEPARATE,
                                inputs("audio", audio, "estimate", estimate),
                                stft)
                        .with(Map.of("algorithm", "mixture_consistent")),
                new Example(
                                "separate_vjp of masks",
                                Endpoint.SEPARATE_VJP,
                                inputs("audio", audio, "mask", magnitude, "cotangent", cotangent),
                                stft)
                        .with(Map.of("n_iter", "12")),
                new Example(
                                "separate_vjp of estimates",
                                Endpoint.SEPARATE_VJP,
                                inputs("audio", audio, "estimate", estimate, "cotangent", cotangent),
                                stft)
                        .with(Map.of("n_iter", "12")));
    }

    /** There and back, jointly and in two steps, with filters of two powers and a bank of one's own. */
    private static List<Example> mels(
            int items, Map<String, String> stft, Map<String, String> inverse, NpyArray audio, int frames) {
        Map<String, String> there = new HashMap<>(stft);
        there.putAll(Map.of("sample_rate", "16000", "n_mels", "16"));
        Map<String, String> back = new HashMap<>(inverse);
        back.putAll(Map.of("sample_rate", "16000", "n_mels", "16", "n_iter", "8"));
        NpyArray mel = magnitude(items, 16, frames);
        NpyArray bank = magnitude(1, 16, Integer.parseInt(Objects.requireNonNull(stft.get("n_fft"))) / 2 + 1);
        NpyArray matrix =
                NpyArray.real(Shape.of(bank.shape().size(1), bank.shape().size(2)), bank.real());
        Map<String, String> own = new HashMap<>(back);
        own.remove("n_mels");
        return List.of(
                new Example("mel", Endpoint.MEL, inputs("audio", audio), there),
                new Example("mel emphasized", Endpoint.MEL, inputs("audio", audio), there)
                        .with(Map.of("preemphasis", "0.97", "log", "ln")),
                new Example("mel_vjp", Endpoint.MEL_VJP, inputs("audio", audio, "cotangent", mel), there)
                        .with(Map.of("log", "ln")),
                new Example("evaluate mel", Endpoint.EVALUATE, inputs("audio", audio, "mel", mel), there),
                new Example("joint", Endpoint.RECONSTRUCT, inputs("mel", mel), back),
                new Example("joint of powers", Endpoint.RECONSTRUCT, inputs("mel", mel), back)
                        .with(Map.of("power", "2")),
                new Example(
                        "joint of one's own filters",
                        Endpoint.RECONSTRUCT,
                        inputs("mel", mel, "filterbank", matrix),
                        own),
                new Example("nnls", Endpoint.RECONSTRUCT, inputs("mel", mel), back).with(Map.of("algorithm", "nnls")),
                new Example(
                                "iterated vjp of a mel",
                                Endpoint.RECONSTRUCT_VJP,
                                inputs("mel", mel, "cotangent", audio),
                                there)
                        .with(Map.of("algorithm", "agla", "n_iter", "12", "power", "2", "preemphasis", "0.97")),
                new Example(
                                "iterated vjp of a mel of one's own filters",
                                Endpoint.RECONSTRUCT_VJP,
                                inputs("mel", mel, "filterbank", matrix, "cotangent", audio),
                                stft)
                        .with(Map.of("algorithm", "griffinlim", "n_iter", "12")));
    }

    private static NpyArray magnitude(int items, int bins, int frames) {
        float[] values = noise(items * bins * frames);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return NpyArray.real(Shape.of(items, bins, frames), values);
    }

    static Inputs inputs(Object... named) {
        Inputs inputs = new Inputs();
        for (int i = 0; i < named.length; i += 2) {
            inputs.put(Input.of((String) named[i]), (NpyArray) named[i + 1]);
        }
        return inputs;
    }

    private static float[] noise(int count) {
        float[] block = Signals.noise(count, Math.min(count, 1 << 16));
        float[] values = new float[count];
        for (int i = 0; i < count; i += block.length) {
            System.arraycopy(block, 0, values, i, Math.min(block.length, count - i));
        }
        Arrays.fill(values, 0, Math.min(3, count), 1e-9f);
        return values;
    }
}
