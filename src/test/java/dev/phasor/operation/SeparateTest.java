package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Golden;
import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sources against float64, and their gradients against its autograd: src/test/golden/separation.py. */
class SeparateTest {

    private static final Map<String, String> STFT = Map.of("n_fft", "64", "hop_length", "16");

    @ParameterizedTest
    @CsvSource({
        "uniform, magnitude, uniform",
        "magnitude, magnitude, magnitude",
        "power, magnitude, power",
        "mask, mask, magnitude",
        "estimate, estimate, magnitude",
        "estimate_uniform, estimate, uniform"
    })
    void isTheRecurrenceAndItsGradient(String name, String kind, String weights) throws IOException {
        Map<String, String> parameters = with(Map.of("weights", weights, "n_iter", "5", "momentum", "0.6"));
        NpyArray mixture = golden(name + "/mixture");
        NpyArray estimates = golden(name + "/" + kind);
        NpyArray audio = golden(name + "/audio");

        Answer found = Calls.run(Endpoint.SEPARATE, Calls.inputs("audio", mixture, kind, estimates), parameters);
        NpyArray sources = array(found, "audio");
        assertThat(sources.shape()).isEqualTo(audio.shape());
        assertThat(Signals.distance(sources.real(), audio.real())).isLessThan(1e-5 * Signals.norm(audio.real()));

        Answer back = Calls.run(
                Endpoint.SEPARATE_VJP,
                Calls.inputs("audio", mixture, kind, estimates, "cotangent", golden(name + "/cotangent")),
                parameters);
        NpyArray expected = golden(name + "/gradient");
        NpyArray gradient = array(back, "gradient");
        assertThat(gradient.shape()).isEqualTo(expected.shape());
        assertThat(distance(gradient, expected)).isLessThan(5e-5); // five iterations in float32
        assertThat(array(back, "audio").real()).isEqualTo(sources.real());
        assertThat(back.report()).containsEntry("saturated", 0L);
    }

    private static double distance(NpyArray a, NpyArray b) {
        double difference = Math.pow(Signals.distance(a.real(), b.real()), 2);
        double norm = Math.pow(Signals.norm(b.real()), 2);
        if (b.isComplex()) {
            difference += Math.pow(Signals.distance(a.imaginary(), b.imaginary()), 2);
            norm += Math.pow(Signals.norm(b.imaginary()), 2);
        }
        return Math.sqrt(difference / norm);
    }

    @ParameterizedTest
    @CsvSource({
        "64, 16, true, false, misi",
        "64, 16, true, true, misi",
        "33, 10, true, false, misi",
        "64, 48, false, false, misi",
        "64, 16, true, false, mixture_consistent"
    })
    void theSourcesSumToTheMixture(int fftSize, int hop, boolean center, boolean residual, String algorithm) {
        float[] samples = Signals.noise(3, 2 * 501);
        int frames = center ? 501 / hop + 1 : (501 - fftSize) / hop + 1;
        Answer found = Calls.run(
                Endpoint.SEPARATE,
                Calls.inputs("audio", NpyArray.real(Shape.of(2, 501), samples), "mask", masks(3, 2, fftSize, frames)),
                Map.of(
                        "n_fft",
                        "" + fftSize,
                        "hop_length",
                        "" + hop,
                        "center",
                        "" + center,
                        "window",
                        "hamming",
                        "residual",
                        "" + residual,
                        "algorithm",
                        algorithm));
        NpyArray sources = array(found, "audio");
        int count = residual ? 4 : 3;
        assertThat(sources.shape()).isEqualTo(Shape.of(count, 2, 501));
        for (int i = 0; i < samples.length; i++) {
            double sum = 0;
            for (int source = 0; source < count; source++) {
                sum += sources.real()[source * samples.length + i];
            }
            assertThat(sum).isCloseTo(samples[i], within(1e-6));
        }
        assertThat((List<?>) Objects.requireNonNull(found.report().get("mixing_error_db")))
                .hasSize(2)
                .allSatisfy(db -> assertThat((Double) db).isLessThan(-130));
        assertThat(found.report()).containsEntry("residual", residual).containsEntry("sources", count);
    }

    private static NpyArray masks(int sources, int items, int fftSize, int frames) {
        int bins = fftSize / 2 + 1;
        float[] values = Signals.noise(5, sources * items * bins * frames);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return NpyArray.real(Shape.of(sources, items, bins, frames), values);
    }

    @Test
    void exactMagnitudesShareAlikeAndOthersByMagnitude() throws IOException {
        NpyArray mixture = golden("uniform/mixture");
        NpyArray wrong = golden("uniform/magnitude");
        assertThat(Calls.run(Endpoint.SEPARATE, Calls.inputs("audio", mixture, "magnitude", wrong), STFT)
                        .report())
                .containsEntry("weights", "magnitude");

        float[] first = Signals.noise(1, 300);
        float[] sum = Signals.noise(2, 300);
        NpyArray both = NpyArray.real(Shape.of(2, 300), concat(first, sum));
        NpyArray exact = array(
                Calls.run(Endpoint.STFT, Calls.inputs("audio", both), with(Map.of("output", "magnitude"))),
                "magnitude");
        for (int i = 0; i < 300; i++) {
            sum[i] += first[i];
        }
        Answer found = Calls.run(
                Endpoint.SEPARATE,
                Calls.inputs("audio", NpyArray.real(Shape.of(300), sum), "magnitude", exact, "reference", both),
                with(Map.of("n_iter", "100")));
        assertThat(found.report()).containsEntry("weights", "uniform").containsEntry("iterations", 100);
        assertThat((List<?>) Objects.requireNonNull(found.report().get("si_sdr_db")))
                .hasSize(2)
                .allSatisfy(db -> assertThat((Double) db).isGreaterThan(20));
    }

    /** It hears of each step behind it, and of no figure, which none is computed for. */
    @Test
    void whatEndsItIsHeardAndSaid() {
        NpyArray mixture = NpyArray.real(Shape.of(2, 501), Signals.noise(3, 2 * 501));
        Inputs inputs = Calls.inputs("audio", mixture, "mask", masks(3, 2, 64, 501 / 16 + 1));
        List<Integer> heard = new ArrayList<>();

        Map<String, Object> whole = Calls.run(
                        Endpoint.SEPARATE, inputs, with(Map.of("n_iter", "4")), (item, iteration, db) -> {
                            assertThat(db).isNaN();
                            return heard.add(10 * item + iteration);
                        })
                .report();
        Map<String, Object> ended = Calls.run(
                        Endpoint.SEPARATE,
                        inputs,
                        with(Map.of("n_iter", "4")),
                        (item, iteration, db) -> item == 1 || iteration < 2)
                .report();

        assertThat(heard).containsExactly(1, 2, 3, 4, 11, 12, 13, 14);
        assertThat(whole).containsEntry("iterations", 4).doesNotContainKey("cancelled");
        assertThat(ended).containsEntry("iterations", 2).containsEntry("cancelled", true);
    }

    /** At the bin of 0 Hz, X is 32 and the gradient of the magnitude near the largest float. */
    @Test
    void whatIsLimitedIsCounted() {
        float[] ones = new float[300];
        Arrays.fill(ones, 1);
        float[] masks = new float[2 * 33 * 19];
        Arrays.fill(masks, 0.5f);
        float[] cotangent = new float[600];
        Arrays.fill(cotangent, 0, 300, 1e38f);
        Arrays.fill(cotangent, 300, 600, -1e38f);
        Answer back = Calls.run(
                Endpoint.SEPARATE_VJP,
                Calls.inputs(
                        "audio",
                        NpyArray.real(Shape.of(300), ones),
                        "mask",
                        NpyArray.real(Shape.of(2, 33, 19), masks),
                        "cotangent",
                        NpyArray.real(Shape.of(2, 300), cotangent)),
                with(Map.of("algorithm", "mixture_consistent", "weights", "uniform")));
        float[] gradient = array(back, "gradient").real();
        long limited = IntStream.range(0, gradient.length)
                .filter(i -> Math.abs(gradient[i]) == Float.MAX_VALUE)
                .count();

        assertThat(limited).isPositive();
        assertThat(back.report()).containsEntry("saturated", limited);
    }

    @Test
    void gradientsAreFiniteWhereNothingIs() {
        float[] mixture = new float[300];
        mixture[150] = 1e-30f;
        float[] magnitude = new float[2 * 33 * 19];
        magnitude[700] = 1e30f;
        float[] cotangent = Signals.noise(4, 600);
        cotangent[3] = Float.MAX_VALUE;
        for (String policy : List.of("clamped", "exact", "zero_below", "regularized")) {
            Answer back = Calls.run(
                    Endpoint.SEPARATE_VJP,
                    Calls.inputs(
                            "audio",
                            NpyArray.real(Shape.of(300), mixture),
                            "magnitude",
                            NpyArray.real(Shape.of(2, 33, 19), magnitude),
                            "cotangent",
                            NpyArray.real(Shape.of(2, 300), cotangent)),
                    with(Map.of("gradient_policy", policy, "n_iter", "60")));
            Signals.assertFinite(array(back, "gradient").real());
            Signals.assertFinite(array(back, "audio").real());
        }
    }

    @Test
    void refusals() {
        NpyArray mixture = NpyArray.real(Shape.of(300), new float[300]);
        NpyArray mask = masks(2, 1, 64, 19);
        NpyArray fitting = NpyArray.real(Shape.of(2, 33, 19), mask.real());
        refused(
                Calls.inputs("audio", mixture, "mask", NpyArray.real(Shape.of(0, 33, 19), new float[0])),
                Map.of(),
                "of one source at least");
        refused(Calls.inputs("audio", mixture), Map.of(), "the input magnitude, mask or estimate must be given, one");
        refused(Calls.inputs("audio", mixture, "mask", fitting, "magnitude", fitting), Map.of(), "got more than one");
        refused(Calls.inputs("audio", mixture, "mask", mask), Map.of(), "the shape [sources, 33, 19], which");
        refused(Calls.inputs("audio", mixture, "mask", fitting), Map.of("algorithm", "agla"), "one of misi");
        refused(
                Calls.inputs("audio", mixture, "mask", fitting),
                Map.of("algorithm", "mixture_consistent", "n_iter", "3"),
                "n_iter must be left out");
        refused(Calls.inputs("audio", mixture, "mask", fitting), Map.of("power", "2"), "power must be left out");
        refused(
                Calls.inputs("audio", mixture, "mask", NpyArray.real(Shape.of(2, 33, 19), Signals.noise(1, 1254))),
                Map.of(),
                "mask must not be negative");
        refused(
                Calls.inputs("audio", mixture, "mask", fitting, "reference", mixture),
                Map.of(),
                "reference must have the shape [2, 300] of the sources, got [300]");
    }

    /** One source is the mixture, whatever its mask says: its audio is finite where its spectrogram is not. */
    @ParameterizedTest
    @EnumSource(
            value = Endpoint.class,
            names = {"SEPARATE", "SEPARATE_VJP"})
    void aMaskThatLeavesTheRangeOfFloatsIsRefused(Endpoint endpoint) {
        float[] mask = new float[33 * 19];
        Arrays.fill(mask, Float.MAX_VALUE);
        Map<String, NpyArray> given = new HashMap<>(Map.of(
                "audio", NpyArray.real(Shape.of(300), Signals.noise(1, 300)),
                "mask", NpyArray.real(Shape.of(1, 33, 19), mask)));
        if (endpoint == Endpoint.SEPARATE_VJP) {
            given.put("cotangent", NpyArray.real(Shape.of(1, 300), Signals.noise(2, 300)));
        }
        Inputs inputs = new Inputs();
        given.forEach((name, array) -> inputs.put(Input.of(name), array));
        assertThatThrownBy(() -> Calls.run(endpoint, inputs, with(Map.of())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("small enough for float32");
    }

    private static void refused(Inputs inputs, Map<String, String> parameters, String message) {
        assertThatThrownBy(() -> Calls.run(Endpoint.SEPARATE, inputs, with(parameters)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    private static float[] concat(float[] a, float[] b) {
        float[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static Map<String, String> with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(STFT);
        all.putAll(more);
        return all;
    }

    private static NpyArray array(Answer answer, String name) {
        return Objects.requireNonNull(answer.arrays().get(name)).rowMajor();
    }

    private static NpyArray golden(String name) throws IOException {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(Golden.bytes("separation/separation.npz")))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(name + ".npy")) {
                    return NpyBytes.read(zip.readAllBytes());
                }
            }
        }
        throw new IllegalArgumentException(name);
    }
}
