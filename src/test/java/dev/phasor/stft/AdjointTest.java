package dev.phasor.stft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both transforms are linear: (J, J') are adjoint if and only if &lt;v, J u&gt; = &lt;J' v, u&gt; for all u and v. */
class AdjointTest {

    private static final double RELATIVE = 1e-6;

    /** Odd and even sizes, hops beyond the window, every pad mode; lengths from shorter than the pad on. */
    static List<Object[]> geometries() {
        List<Object[]> geometries = new ArrayList<>();
        int[][] sizes = {
            {2, 1, 2}, {3, 1, 3}, {3, 2, 2}, {15, 4, 15}, {16, 7, 13}, {16, 20, 16}, {1000, 300, 1000}, {1021, 255, 900}
        };
        for (int[] size : sizes) {
            for (PadMode padMode : PadMode.values()) {
                for (int length : new int[] {1, 2, 5, 40, 3001}) {
                    add(geometries, size, Framing.CENTER, padMode, length);
                    int padded = size[0] - size[1] - (size[0] - size[1]) % 2;
                    if (size[1] <= size[0] && length + padded >= size[0]) {
                        add(geometries, size, Framing.SAME, padMode, length);
                    }
                }
            }
            add(geometries, size, Framing.NONE, PadMode.CONSTANT, 3001);
        }
        return geometries;
    }

    private static void add(List<Object[]> geometries, int[] size, Framing framing, PadMode padMode, int length) {
        geometries.add(new Object[] {
            new StftParameters(size[0], size[1], size[2], Window.parse("hamming", null), framing, padMode), length
        });
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void forwardVjpIsTheAdjointOfForward(StftParameters parameters, int length) {
        Stft stft = new Stft(parameters);
        int values = parameters.frames(length) * parameters.bins();
        float[] u = Signals.noise(1, length);
        float[] re = new float[values];
        float[] im = new float[values];
        stft.forward(u, re, im);
        float[] vRe = Signals.noise(2, values);
        float[] vIm = Signals.noise(3, values);
        float[] adjoint = Signals.noise(4, length);
        stft.forwardVjp(vRe, vIm, adjoint);

        double scale =
                Math.hypot(Signals.norm(vRe), Signals.norm(vIm)) * Math.hypot(Signals.norm(re), Signals.norm(im));
        assertThat(Signals.dot(adjoint, u))
                .isCloseTo(Signals.dot(vRe, re) + Signals.dot(vIm, im), within(RELATIVE * scale));
    }

    /** A step that leaves the frames as they are: there and back, on tiles and on planes, is the same map. */
    @ParameterizedTest
    @MethodSource("geometries")
    void theLoopIsForwardAndItsAdjoint(StftParameters parameters, int length) {
        Stft stft = new Stft(parameters);
        float[][] signals = {Signals.noise(1, length), Signals.noise(2, length)};
        float[][] actual = stft.adjointLoop(length).run(signals[0], signals[1], (tile, re, im, otherRe, otherIm) -> {});

        int values = parameters.frames(length) * parameters.bins();
        float[] re = new float[values];
        float[] im = new float[values];
        for (int i = 0; i < 2; i++) {
            float[] expected = new float[length];
            stft.forward(signals[i], re, im);
            stft.forwardVjp(re, im, expected);
            assertThat(Signals.distance(actual[i], expected)).isLessThanOrEqualTo(RELATIVE * Signals.norm(expected));
        }
    }

    /** Those of the above that can be inverted. */
    static Stream<Object[]> invertible() {
        return geometries().stream().filter(geometry -> {
            StftParameters parameters = (StftParameters) geometry[0];
            return parameters.hopLength() <= parameters.windowLength() / 2
                    && (parameters.framing() != Framing.NONE || parameters.windowLength() == parameters.fftSize())
                    && (int) geometry[1] > 20;
        });
    }

    /** The signal's length, a clipped one and one beyond the frames; without padding, only what the frames cover. */
    private static int[] lengths(StftParameters parameters, int samples) {
        if (parameters.framing() != Framing.NONE) {
            return new int[] {samples, samples / 2, samples + 3000};
        }
        int covered = parameters.defaultLength(parameters.frames(samples));
        return new int[] {covered, covered / 2};
    }

    @ParameterizedTest
    @MethodSource("invertible")
    void inverseVjpIsTheAdjointOfInverse(StftParameters parameters, int samples) {
        Stft stft = new Stft(parameters);
        int frames = parameters.frames(samples);
        int values = frames * parameters.bins();
        float[] uRe = Signals.noise(1, values);
        float[] uIm = Signals.noise(2, values);
        for (int length : lengths(parameters, samples)) {
            float[] x = Signals.noise(3, length);
            stft.inverse(uRe, uIm, x);
            float[] v = Signals.noise(4, length);
            float[] adjointRe = Signals.noise(5, values);
            float[] adjointIm = Signals.noise(6, values);
            stft.inverseVjp(v, adjointRe, adjointIm);

            assertThat(Signals.dot(adjointRe, uRe) + Signals.dot(adjointIm, uIm))
                    .isCloseTo(Signals.dot(v, x), within(RELATIVE * Signals.norm(v) * Signals.norm(x)));
        }
    }
}
