package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.Golden;
import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients through Griffin-Lim against float64 autograd and central differences: src/test/golden/iterations.py. */
class IteratedVjpTest {

    @ParameterizedTest
    @CsvSource({
        "griffinlim, unrolled",
        "griffinlim, constant_phase",
        "fast_griffinlim, unrolled",
        "fast_griffinlim, constant_phase",
        "agla, unrolled",
        "agla, constant_phase"
    })
    void isTheGradientOfTheRecurrence(String algorithm, String through) throws IOException {
        Map<String, String> parameters = new HashMap<>(
                Map.of("hop_length", "16", "n_iter", "4", "init", "zero", "algorithm", algorithm, "through", through));
        if (!algorithm.equals("griffinlim")) {
            parameters.put("momentum", "0.7");
        }
        Answer answer = Calls.run(
                Endpoint.RECONSTRUCT_VJP,
                Calls.inputs("magnitude", golden("magnitude"), "cotangent", golden("cotangent")),
                parameters);
        float[] audio = array(answer, "audio");
        float[] expectedAudio = golden(algorithm + "/audio").real();
        assertThat(Signals.distance(audio, expectedAudio)).isLessThan(1e-5 * Signals.norm(expectedAudio));
        float[] gradient = array(answer, "magnitude_gradient");
        float[] expected = golden(algorithm + "/" + through).real();
        assertThat(Signals.distance(gradient, expected)).isLessThan(1e-4 * Signals.norm(expected));
        assertThat(answer.report()).containsEntry("saturated", 0L).containsEntry("through", through);
    }

    /** A signal of 60 samples in frames of 16 that overlap by 14 is determined, and the iterations end. */
    @Test
    void atAFixedPointImplicitIsUnrolled() {
        NpyArray signal = NpyArray.real(Shape.of(60), Signals.noise(3, 60));
        NpyArray magnitude = Objects.requireNonNull(Calls.run(
                        Endpoint.STFT,
                        Calls.inputs("audio", signal),
                        Map.of("n_fft", "16", "hop_length", "2", "output", "magnitude"))
                .arrays()
                .get("magnitude"));
        NpyArray cotangent = NpyArray.real(Shape.of(60), Signals.noise(4, 60));
        Map<String, String> parameters = Map.of("hop_length", "2", "n_iter", "3000", "algorithm", "griffinlim");
        Inputs inputs = Calls.inputs("magnitude", magnitude, "cotangent", cotangent);
        Map<String, String> implicitly = new HashMap<>(parameters);
        implicitly.put("through", "implicit");

        float[] unrolled = array(Calls.run(Endpoint.RECONSTRUCT_VJP, inputs, parameters), "magnitude_gradient");
        Answer answer = Calls.run(Endpoint.RECONSTRUCT_VJP, inputs, implicitly);
        float[] implicit = array(answer, "magnitude_gradient");

        assertThat((Double) answer.report().get("residual")).isLessThan(1e-4);
        assertThat(Signals.distance(implicit, unrolled)).isLessThan(1e-3 * Signals.norm(unrolled));
    }

    @Test
    void finiteWhereMagnitudesAreNot() {
        float[] magnitude = new float[33 * 19];
        magnitude[100] = 1e30f;
        magnitude[101] = 1e-38f;
        float[] cotangent = Signals.noise(4, 300);
        cotangent[7] = Float.MAX_VALUE;
        for (String through : List.of("unrolled", "implicit", "constant_phase")) {
            for (String policy : List.of("clamped", "exact")) {
                Answer answer = Calls.run(
                        Endpoint.RECONSTRUCT_VJP,
                        Calls.inputs(
                                "magnitude",
                                NpyArray.real(Shape.of(33, 19), magnitude),
                                "cotangent",
                                NpyArray.real(Shape.of(300), cotangent)),
                        Map.of(
                                "hop_length",
                                "16",
                                "n_iter",
                                "30",
                                "algorithm",
                                "agla",
                                "through",
                                through,
                                "gradient_policy",
                                policy));
                Signals.assertFinite(array(answer, "magnitude_gradient"));
            }
        }
    }

    @Test
    void refusals() throws IOException {
        Inputs inputs = Calls.inputs("magnitude", golden("magnitude"), "cotangent", golden("cotangent"));
        refused(inputs, Map.of("hop_length", "16", "algorithm", "auto"), "griffinlim, fast_griffinlim, agla, got auto");
        refused(inputs, Map.of("hop_length", "16", "through", "implicit"), "through must be left out without");
        refused(inputs, Map.of("hop_length", "15", "algorithm", "agla"), "must have as many, got 300 samples");
        refused(inputs, Map.of("hop_length", "16"), "which finds one");

        float[] noise = Signals.noise(5, 512 * 3);
        float[] both = new float[512 * 3]; // bin k and bin 512 - k alike
        for (int i = 0; i < both.length; i++) {
            int bin = i / 3 > 256 ? 512 - i / 3 : i / 3;
            both[i] = Math.abs(noise[3 * bin + i % 3]);
        }
        Inputs sides = Calls.inputs(
                "magnitude",
                NpyArray.real(Shape.of(512, 3), both),
                "cotangent",
                NpyArray.real(Shape.of(300), new float[300]));
        refused(sides, Map.of("hop_length", "128", "algorithm", "griffinlim"), "two_sided");
    }

    /** Its target says how long it is. */
    @Test
    void oneCenteredFrameHasAGradient() {
        NpyArray frame = NpyArray.complex(Shape.of(3, 1), new float[] {1, 0.5f, 0}, new float[] {0, 0.5f, 0});

        Answer answer = Calls.run(
                Endpoint.RECONSTRUCT_VJP,
                Calls.inputs("spectrogram", frame, "target", NpyArray.real(Shape.of(1), new float[] {0.5f})),
                Map.of("hop_length", "2", "loss", "mse"));

        assertThat(array(answer, "audio")).hasSize(1);
        assertThat(Objects.requireNonNull(answer.arrays().get("gradient")).shape())
                .isEqualTo(Shape.of(3, 1));
    }

    private static void refused(Inputs inputs, Map<String, String> parameters, String message) {
        assertThatThrownBy(() -> Calls.run(Endpoint.RECONSTRUCT_VJP, inputs, parameters))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    private static float[] array(Answer answer, String name) {
        return Objects.requireNonNull(answer.arrays().get(name)).rowMajor().real();
    }

    private static NpyArray golden(String name) throws IOException {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(Golden.bytes("separation/iterations.npz")))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(name + ".npy")) {
                    return NpyBytes.read(zip.readAllBytes());
                }
            }
        }
        throw new IllegalArgumentException(name);
    }
}
