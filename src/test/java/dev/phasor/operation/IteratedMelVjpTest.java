package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.Golden;
import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.mel.MelPresets;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients through Griffin-Lim with respect to mels, against float64 autograd and central differences:
 * src/test/golden/mel_iterations.py. Rounding the magnitudes of coqui's case to float32 moves its gradient by 1e-3.
 */
class IteratedMelVjpTest {

    private static final Map<String, String> CASES = Map.of(
            "ln", "log=ln log_floor=1e-3",
            "whisper",
                    "log=log10 log_floor=1e-10 log_range=2 log_scale=0.25 log_offset=1 power=2 drop_last_frame=true"
                            + " pad_mode=reflect",
            "nemo", "log=ln log_guard=add log_floor=5.9604644775390625e-8 power=2 preemphasis=0.97",
            "coqui", "log=db log_floor=1e-5 log_scale=0.08 log_offset=2.4 log_clip=4 pad_mode=reflect",
            "none", "power=2");

    static List<String> presets() {
        return MelPresets.names();
    }

    @ParameterizedTest
    @CsvSource({
        "ln, griffinlim, 1e-4",
        "ln, fast_griffinlim, 1e-4",
        "ln, agla, 1e-4",
        "whisper, griffinlim, 1e-4",
        "nemo, griffinlim, 1e-4",
        "coqui, griffinlim, 1e-3",
        "none, griffinlim, 1e-4"
    })
    void isTheGradientOfWhatIsComputed(String name, String algorithm, double tolerance) throws IOException {
        Map<String, String> parameters = with(Objects.requireNonNull(CASES.get(name)));
        parameters.putAll(with("n_fft=64 hop_length=16 n_iter=4 init=zero algorithm=" + algorithm));
        if (!algorithm.equals("griffinlim")) {
            parameters.put("momentum", "0.7");
        }
        Inputs inputs = Calls.inputs(
                "mel",
                golden(name + "/mel"),
                "cotangent",
                golden(name + "/cotangent"),
                "filterbank",
                golden("filterbank"));
        if (name.equals("nemo")) {
            inputs.put(Input.MEAN, golden(name + "/mean"));
            inputs.put(Input.STD, golden(name + "/std"));
        }

        Answer answer = Calls.run(Endpoint.RECONSTRUCT_VJP, inputs, parameters);

        near(array(answer, "audio"), golden(name + "/" + algorithm + "/audio").real(), 3e-5);
        NpyArray gradient = Objects.requireNonNull(answer.arrays().get("mel_gradient"));
        assertThat(gradient.shape()).isEqualTo(golden(name + "/mel").shape());
        near(
                gradient.rowMajor().real(),
                golden(name + "/" + algorithm + "/gradient").real(),
                tolerance);
        assertThat(answer.report()).containsEntry("saturated", 0L).containsEntry("n_mels", 8);
    }

    /** Frames are those of /v1/mel, and the sound is to the bit that of /v1/reconstruct. */
    @ParameterizedTest
    @MethodSource("presets")
    void theSoundIsTheReconstruction(String preset) {
        NpyArray audio = NpyArray.real(Shape.of(2, 8000), Signals.noise(5, 16000));
        NpyArray mel = Objects.requireNonNull(
                Calls.run(Endpoint.MEL, Calls.inputs("audio", audio), Map.of("mel", preset, "input", "audio"))
                        .arrays()
                        .get("mel"));
        for (String algorithm : IteratedVjpOperation.ALGORITHMS) {
            Map<String, String> parameters =
                    Map.of("mel", preset, "algorithm", algorithm, "n_iter", "6", "init", "random", "seed", "3");
            Map<String, String> reconstructed = new HashMap<>(parameters);
            reconstructed.put("length", "8000");
            float[] expected = array(Calls.run(Endpoint.RECONSTRUCT, Calls.inputs("mel", mel), reconstructed), "audio");

            Map<String, String> compared = new HashMap<>(parameters);
            compared.put("loss", "mel");
            Answer answer = Calls.run(Endpoint.RECONSTRUCT_VJP, Calls.inputs("mel", mel, "target", audio), compared);

            assertThat(array(answer, "audio")).isEqualTo(expected);
            float[] gradient = array(answer, "mel_gradient");
            Signals.assertFinite(gradient);
            assertThat(Signals.norm(gradient)).isPositive();
            assertThat(answer.report()).containsKey("loss").containsEntry("mel", preset);
        }
    }

    /** Filters of one's own, one a bin, so that the magnitudes are those of a signal, and filters that share bins. */
    @ParameterizedTest
    @CsvSource({"0", "0.5"})
    void atAFixedPointImplicitIsUnrolled(float shared) {
        float[] bank = new float[81];
        for (int i = 0; i < bank.length; i++) {
            bank[i] = i / 9 == i % 9 ? 1 : Math.abs(i / 9 - i % 9) == 1 ? shared : 0;
        }
        NpyArray filterbank = NpyArray.real(Shape.of(9, 9), bank);
        Map<String, String> transform = Map.of("n_fft", "16", "hop_length", "2", "log", "ln", "log_floor", "1e-9");
        NpyArray signal = NpyArray.real(Shape.of(60), Signals.noise(3, 60));
        NpyArray mel = Objects.requireNonNull(
                Calls.run(Endpoint.MEL, Calls.inputs("audio", signal, "filterbank", filterbank), transform)
                        .arrays()
                        .get("mel"));
        Inputs inputs = Calls.inputs(
                "mel", mel, "filterbank", filterbank, "cotangent", NpyArray.real(Shape.of(60), Signals.noise(4, 60)));
        Map<String, String> parameters = new HashMap<>(transform);
        parameters.putAll(Map.of("n_iter", "3000", "algorithm", "griffinlim"));

        float[] unrolled = array(Calls.run(Endpoint.RECONSTRUCT_VJP, inputs, parameters), "mel_gradient");
        parameters.put("through", "implicit");
        Answer answer = Calls.run(Endpoint.RECONSTRUCT_VJP, inputs, parameters);

        assertThat((Double) answer.report().get("residual")).isLessThan(1e-4);
        near(array(answer, "mel_gradient"), unrolled, 1e-3);
    }

    /** Silence, values at their floors and below, lone loud mels, and loud ones beside quiet ones. */
    @Test
    void finiteWhereMelsAreNot() {
        float[] cotangent = Signals.noise(4, 300);
        cotangent[7] = Float.MAX_VALUE;
        float[] silent = new float[8 * 19];
        float[] floor = silent.clone();
        Arrays.fill(floor, -80);
        float[] below = Signals.noise(6, silent.length);
        for (int i = 0; i < below.length; i++) {
            below[i] *= 60;
        }
        float[] lone = floor.clone();
        lone[40] = 0;
        lone[41] = 300;
        lone[42] = -1500;
        float[] zeros = floor.clone();
        Arrays.fill(zeros, 30, 100, Float.NEGATIVE_INFINITY);
        zeros[60] = 3;
        float[] loud = silent.clone();
        loud[50] = 1e30f;
        loud[51] = 1e-38f;
        loud[52] = 1e-45f;
        for (String through : List.of("unrolled", "implicit", "constant_phase")) {
            for (String policy : List.of("clamped", "regularized", "zero_below", "exact")) {
                Map<String, String> how = Map.of("through", through, "gradient_policy", policy);
                for (String power : List.of("power=1", "power=2")) {
                    for (float[] values : List.of(silent, floor, below, lone, zeros)) {
                        finite(values, cotangent, power + " log=db log_floor=1e-8 log_range=100", how);
                        finite(values, cotangent, power + " log=db log_guard=add log_floor=0 log_scale=10", how);
                    }
                    finite(silent, cotangent, power, how);
                    finite(loud, cotangent, power, how);
                    finite(loud, cotangent, power + " log_scale=1e-3 log_clip=1e-40", how);
                }
            }
        }
    }

    private static void finite(float[] mel, float[] cotangent, String how, Map<String, String> more) {
        Map<String, String> parameters = with(how);
        parameters.putAll(more);
        parameters.putAll(with("n_fft=64 hop_length=16 sample_rate=16000 n_mels=8 n_iter=12 algorithm=agla"));
        Answer answer = Calls.run(
                Endpoint.RECONSTRUCT_VJP,
                Calls.inputs(
                        "mel",
                        NpyArray.real(Shape.of(8, 19), mel),
                        "cotangent",
                        NpyArray.real(Shape.of(300), cotangent)),
                parameters);
        Signals.assertFinite(array(answer, "audio"));
        Signals.assertFinite(array(answer, "mel_gradient"));
    }

    @Test
    void refusals() throws IOException {
        Inputs inputs = Calls.inputs("mel", golden("ln/mel"), "cotangent", golden("ln/cotangent"));
        String transform = "n_fft=64 hop_length=16 sample_rate=16000 n_mels=8 log=ln";
        refused(inputs, transform + " algorithm=auto", "griffinlim, fast_griffinlim, agla, got auto");
        refused(inputs, transform + " algorithm=nnls", "griffinlim, fast_griffinlim, agla, got nnls");
        refused(inputs, transform, "which finds one, got a mel alone");
        refused(inputs, transform + " algorithm=agla hop_length=15", "must have as many, got 304 samples");
        refused(
                inputs,
                "n_fft=64 hop_length=16 sample_rate=16000 n_mels=9 algorithm=agla",
                "mel must have 9 mels, [..., mels, frames], got [8, 20]");
        refused(inputs, "n_fft=64 hop_length=16 n_mels=8 algorithm=agla", "sample_rate must be given with a mel");
        inputs.put(Input.MAGNITUDE, golden("ln/mel"));
        refused(inputs, transform + " algorithm=agla", "the input mel must be left out beside the magnitude");
    }

    private static void refused(Inputs inputs, String parameters, String message) {
        assertThatThrownBy(() -> Calls.run(Endpoint.RECONSTRUCT_VJP, inputs, with(parameters)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    /** "name=value name=value"; of two of one name the last. */
    private static Map<String, String> with(String pairs) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : pairs.split(" ")) {
            parameters.put(pair.split("=")[0], pair.split("=")[1]);
        }
        return parameters;
    }

    private static void near(float[] found, float[] expected, double tolerance) {
        assertThat(Signals.distance(found, expected)).isLessThan(tolerance * Signals.norm(expected));
    }

    private static float[] array(Answer answer, String name) {
        return Objects.requireNonNull(answer.arrays().get(name)).rowMajor().real();
    }

    private static NpyArray golden(String name) throws IOException {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(Golden.bytes("separation/mel_iterations.npz")))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(name + ".npy")) {
                    return NpyBytes.read(zip.readAllBytes());
                }
            }
        }
        throw new IllegalArgumentException(name);
    }
}
