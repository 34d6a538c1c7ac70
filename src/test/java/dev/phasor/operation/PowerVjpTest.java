package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.signal.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code power=2} a gradient is with respect to the powers that were sent: 1/(2M) of that of their roots M. */
class PowerVjpTest {

    private static final int BINS = 17;
    private static final int FRAMES = 33;

    /** What answers a gradient of a magnitude. */
    record Way(Endpoint endpoint, int sources, Map<String, NpyArray> inputs, Map<String, String> parameters) {

        private Answer run(float[] magnitude, String power) {
            Inputs all = new Inputs();
            Shape shape = sources > 1 ? Shape.of(sources, BINS, FRAMES) : Shape.of(BINS, FRAMES);
            all.put(Input.MAGNITUDE, NpyArray.real(shape, magnitude));
            inputs.forEach((name, array) -> all.put(Input.of(name), array));
            Map<String, String> named = new HashMap<>(parameters);
            named.put("power", power);
            named.put("n_fft", "32");
            named.put("hop_length", "8");
            return Calls.run(endpoint, all, named);
        }

        private float[] gradient(float[] magnitude, String power) {
            Map<String, NpyArray> arrays = run(magnitude, power).arrays();
            String name = endpoint == Endpoint.SEPARATE_VJP ? "gradient" : "magnitude_gradient";
            return Objects.requireNonNull(arrays.get(name)).real();
        }
    }

    static Stream<Named<Way>> ways() {
        int plane = BINS * FRAMES;
        NpyArray z = NpyArray.complex(Shape.of(BINS, FRAMES), Signals.noise(1, plane), Signals.noise(2, plane));
        NpyArray audio = NpyArray.real(Shape.of(256), Signals.noise(3, 256));
        NpyArray cotangent = NpyArray.real(Shape.of(256), Signals.noise(4, 256));
        NpyArray cotangents = NpyArray.real(Shape.of(2, 256), Signals.noise(5, 512));
        return Stream.of(
                Named.of(
                        "spectrogram",
                        new Way(
                                Endpoint.RECONSTRUCT_VJP,
                                1,
                                Map.of("spectrogram", z, "cotangent", cotangent),
                                Map.of())),
                Named.of(
                        "audio",
                        new Way(Endpoint.RECONSTRUCT_VJP, 1, Map.of("audio", audio, "cotangent", cotangent), Map.of())),
                Named.of(
                        "iterations",
                        new Way(
                                Endpoint.RECONSTRUCT_VJP,
                                1,
                                Map.of("cotangent", cotangent),
                                Map.of("algorithm", "griffinlim", "n_iter", "3"))),
                Named.of(
                        "sources",
                        new Way(
                                Endpoint.SEPARATE_VJP,
                                2,
                                Map.of("audio", audio, "cotangent", cotangents),
                                Map.of("n_iter", "2"))));
    }

    private static float[] magnitudes(Way way) {
        float[] magnitude = Signals.noise(6, way.sources() * BINS * FRAMES);
        for (int i = 0; i < magnitude.length; i++) {
            // Powers of these, and roots of the powers, are exact.
            magnitude[i] = Math.round(1 + 100 * Math.abs(magnitude[i])) / 64f;
        }
        return magnitude;
    }

    private static float[] squares(float[] magnitude) {
        float[] squares = new float[magnitude.length];
        for (int i = 0; i < squares.length; i++) {
            squares[i] = magnitude[i] * magnitude[i];
        }
        return squares;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void isThatOfTheRootsOverTwiceTheRoots(Way way) {
        float[] magnitude = magnitudes(way);
        float[] ofRoots = way.gradient(magnitude, "1");

        float[] found = way.gradient(squares(magnitude), "2");

        assertThat(Signals.norm(ofRoots)).isPositive();
        for (int i = 0; i < found.length; i++) {
            float expected = ofRoots[i] / (2 * magnitude[i]);
            assertThat(found[i]).isCloseTo(expected, within(2e-6f * Math.abs(expected)));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void isFiniteWherePowersAreZeroOrNearlySo(Way way) {
        float[] powers = squares(magnitudes(way));
        Arrays.fill(powers, 0, 20, 0);
        Arrays.fill(powers, 20, 40, Float.MIN_VALUE);

        float[] found = way.gradient(powers, "2");

        Signals.assertFinite(found);
        for (int i = 0; i < 20; i++) {
            assertThat(found[i]).isZero();
        }
        assertThat((Long) way.run(powers, "2").report().get("singular_bins")).isGreaterThanOrEqualTo(20);
    }
}
