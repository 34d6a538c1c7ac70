package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StretchTest {

    private static final int HZ = 16000;

    private static Answer run(Inputs inputs, Map<String, String> parameters) {
        Map<String, String> all = new HashMap<>(Map.of("n_fft", "512", "hop_length", "128", "sample_rate", "" + HZ));
        all.putAll(parameters);
        return Calls.run(Endpoint.STRETCH, inputs, all);
    }

    private static float[] stretched(float[] samples, Map<String, String> parameters) {
        Answer answer = run(Calls.inputs("audio", NpyArray.real(Shape.of(samples.length), samples)), parameters);
        return Objects.requireNonNull(answer.arrays().get("audio")).real();
    }

    private static float[] sine(double hz, int length) {
        float[] samples = new float[length];
        for (int t = 0; t < length; t++) {
            samples[t] = (float) Math.sin(2 * Math.PI * hz / HZ * t);
        }
        return samples;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.0"})
    void itsOwnSpeedIsTheSourceToTheBit(String rate) {
        float[] samples = Signals.noise(1, 3001);
        assertThat(stretched(samples, Map.of("rate", rate, "semitones", "0"))).isEqualTo(samples);
        Answer answer = run(
                Calls.inputs(
                        "audio",
                        NpyArray.real(Shape.of(2, 16000), Signals.noise(2, 32000)),
                        "time_map",
                        NpyArray.real(Shape.of(2, 2), new float[] {0, 0, 1, 1})),
                Map.of());
        assertThat(Objects.requireNonNull(answer.arrays().get("audio")).real()).isEqualTo(Signals.noise(2, 32000));
        assertThat(answer.report()).containsEntry("iterations", 0).containsEntry("rate", 1.0);
    }

    @ParameterizedTest
    @CsvSource({"0.1", "0.5", "0.77", "1.0001", "1.25", "3", "10"})
    void theLengthIsRounded(String rate) {
        for (int length : new int[] {1, 600, 1501}) {
            for (String algorithm : List.of("descent", "live")) {
                float[] found = stretched(
                        Signals.noise(3, length), Map.of("rate", rate, "n_iter", "1", "algorithm", algorithm));
                assertThat(found).hasSize((int) Math.max(1, Math.round(length / Double.parseDouble(rate))));
                Signals.assertFinite(found);
            }
        }
    }

    @Test
    void audioWithoutSamplesStaysSo() {
        assertThat(stretched(new float[0], Map.of("rate", "2", "semitones", "1")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 0, descent",
        "0.8, 0, descent",
        "1.25, 0, descent",
        "2, 0, descent",
        "1, 12, descent",
        "0.8, -7, descent",
        "1.5, 0.5, descent",
        "0.5, 0, live",
        "0.8, 0, live",
        "1.25, 0, live",
        "2, 0, live",
        "1, 12, live",
        "0.8, -7, live"
    })
    void aSineKeepsItsFrequency(double rate, double semitones, String algorithm) {
        double hz = 1000.7;
        String iterations = algorithm.equals("live") ? "8" : "4";
        float[] found = stretched(
                sine(hz, 24000),
                Map.of("rate", "" + rate, "semitones", "" + semitones, "n_iter", iterations, "algorithm", algorithm));
        double wanted = hz * Math.pow(2, semitones / 12);
        double cents = 1200 * Math.log(frequency(found, wanted) / wanted) / Math.log(2);
        assertThat(cents).isCloseTo(0, within(0.1));
    }

    /** The slope of the phase between two places, each seen through a Hann window of 2000 samples. */
    private static double frequency(float[] samples, double near) {
        int first = samples.length / 4;
        int apart = 1000;
        double turn = 0;
        int steps = (samples.length / 2 - 2000) / apart;
        for (int i = 0; i < steps; i++) {
            double here = phase(samples, first + i * apart, near);
            double there = phase(samples, first + (i + 1) * apart, near);
            turn += Math.IEEEremainder(there - here, 2 * Math.PI);
        }
        return near + turn / (steps * apart) * HZ / (2 * Math.PI);
    }

    private static double phase(float[] samples, int from, double hz) {
        double re = 0;
        double im = 0;
        for (int n = 0; n < 2000; n++) {
            double weight = 1 - Math.cos(2 * Math.PI * n / 2000);
            double angle = 2 * Math.PI * hz / HZ * (from + n);
            re += weight * samples[from + n] * Math.cos(angle);
            im -= weight * samples[from + n] * Math.sin(angle);
        }
        return Math.atan2(im, re);
    }

    @ParameterizedTest
    @CsvSource({"0.66667, descent", "1.5, descent", "0.66667, live", "1.5, live"})
    void aClickStaysSharpWhereItIsHeard(double rate, String algorithm) {
        float[] click = new float[9000];
        for (int t = -20; t <= 20; t++) {
            click[4500 + t] = (float) Math.exp(-t * t / 8.0);
        }
        float[] found = stretched(click, Map.of("rate", "" + rate, "algorithm", algorithm));
        int peak = 0;
        for (int t = 0; t < found.length; t++) {
            peak = Math.abs(found[t]) > Math.abs(found[peak]) ? t : peak;
        }
        double beside = 0;
        for (int t = 0; t < found.length; t++) {
            beside = Math.abs(t - peak) > 8 ? Math.max(beside, Math.abs(found[t])) : beside;
        }
        assertThat((double) peak).isCloseTo(4500 / rate, within(3.0));
        assertThat(Math.abs(found[peak])).isGreaterThan(0.5f);
        assertThat(beside).isLessThan(0.05);
    }

    @Test
    void channelsStayLocked() {
        float[] both = new float[2 * 6000];
        float[] first = Signals.noise(4, 6000);
        for (int t = 0; t < 6000; t++) {
            both[t] = first[t];
            both[6000 + t] = -0.5f * first[t];
        }
        float[] found = Objects.requireNonNull(run(
                                Calls.inputs("audio", NpyArray.real(Shape.of(2, 6000), both)), Map.of("rate", "0.8"))
                        .arrays()
                        .get("audio"))
                .real();
        for (int t = 0; t < 7500; t++) {
            assertThat(found[7500 + t]).isCloseTo(-0.5f * found[t], within(1e-4f));
        }
    }

    @Test
    void theIterationsComeNearerToTheStretchedMagnitudes() {
        NpyArray audio = NpyArray.real(Shape.of(8000), Signals.noise(5, 8000));
        double one = decibels(run(Calls.inputs("audio", audio), Map.of("rate", "0.8", "n_iter", "1")));
        double many = decibels(run(Calls.inputs("audio", audio), Map.of("rate", "0.8")));
        assertThat(many).isLessThan(one - 2);
        double live = decibels(run(Calls.inputs("audio", audio), Map.of("rate", "0.8", "algorithm", "live")));
        double longer = decibels(
                run(Calls.inputs("audio", audio), Map.of("rate", "0.8", "algorithm", "live", "lookahead", "7")));
        assertThat(live).isLessThan(one);
        assertThat(longer).isLessThan(live);
    }

    @Test
    void lookaheadIsOfTheLiveAlgorithmAlone() {
        NpyArray audio = NpyArray.real(Shape.of(100), Signals.noise(6, 100));
        assertThatThrownBy(() -> run(Calls.inputs("audio", audio), Map.of("rate", "2", "lookahead", "1")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("lookahead must be left out unless algorithm=live");
    }

    private static double decibels(Answer answer) {
        return (Double) Objects.requireNonNull(answer.report().get("spectral_convergence_db"));
    }

    @Test
    void aTimeMapSaysWhatIsHeardWhen() {
        float[] clicks = new float[HZ];
        clicks[4000] = 1;
        clicks[12000] = 1;
        NpyArray map = NpyArray.real(Shape.of(3, 2), new float[] {0, 0, 0.5f, 1, 1, 1.25f});
        Answer answer =
                run(Calls.inputs("audio", NpyArray.real(Shape.of(HZ), clicks), "time_map", map), Map.of("n_iter", "2"));
        float[] found = Objects.requireNonNull(answer.arrays().get("audio")).real();
        assertThat(found).hasSize(20000);
        assertThat(largest(found, 0, 16000)).isCloseTo(8000, within(4));
        assertThat(largest(found, 16000, 20000)).isCloseTo(18000, within(4));
    }

    @ParameterizedTest
    @ValueSource(floats = {0.5f, 1.5f})
    void aMapOfItsOwnSpeedGivesBackTheSourceUpToItsEnd(float seconds) {
        float[] samples = Signals.noise(7, HZ);
        NpyArray map = NpyArray.real(Shape.of(2, 2), new float[] {0, 0, seconds, seconds});
        Answer answer = run(Calls.inputs("audio", NpyArray.real(Shape.of(HZ), samples), "time_map", map), Map.of());
        assertThat(Objects.requireNonNull(answer.arrays().get("audio")).real())
                .isEqualTo(Arrays.copyOf(samples, Math.round(seconds * HZ)));
        assertThat(answer.report()).containsEntry("rate", 1.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"descent", "live"})
    void aMapThatEndsBeforeTheSourceIsThatOfTheSourceCutThere(String algorithm) {
        float[] samples = Signals.noise(8, HZ);
        NpyArray map = NpyArray.real(Shape.of(3, 2), new float[] {0, 0, 0.25f, 0.25f, 0.5f, 0.75f});
        Map<String, String> parameters = Map.of("n_iter", "2", "algorithm", algorithm);
        Answer whole = run(Calls.inputs("audio", NpyArray.real(Shape.of(HZ), samples), "time_map", map), parameters);
        NpyArray part = NpyArray.real(Shape.of(HZ / 2), Arrays.copyOf(samples, HZ / 2));
        Answer cut = run(Calls.inputs("audio", part, "time_map", map), parameters);
        assertThat(Objects.requireNonNull(whole.arrays().get("audio")).real())
                .isEqualTo(Objects.requireNonNull(cut.arrays().get("audio")).real());
        for (String figure : List.of("length", "spectral_convergence_db", "inconsistency_db")) {
            assertThat(whole.report()).containsEntry(figure, cut.report().get(figure));
        }
        assertThat((Double) Objects.requireNonNull(whole.report().get("rate"))).isCloseTo(2 / 3.0, within(1e-9));
    }

    private static int largest(float[] samples, int from, int to) {
        int at = from;
        for (int t = from; t < to; t++) {
            at = Math.abs(samples[t]) > Math.abs(samples[at]) ? t : at;
        }
        return at;
    }

    @Test
    void refusesMapsThatSayNothing() {
        NpyArray audio = NpyArray.real(Shape.of(100), Signals.noise(6, 100));
        for (float[] points : List.of(
                new float[] {0, 0}, new float[] {0, 0, 1, 0}, new float[] {0.5f, 0, 1, 1}, new float[] {0, 0, -1, 1})) {
            NpyArray map = NpyArray.real(Shape.of(points.length / 2, 2), points);
            assertThatThrownBy(() -> run(Calls.inputs("audio", audio, "time_map", map), Map.of()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("put [0, 0] first");
        }
        NpyArray wide = NpyArray.real(Shape.of(2, 3), new float[6]);
        assertThatThrownBy(() -> run(Calls.inputs("audio", audio, "time_map", wide), Map.of()))
                .hasMessageContaining("[points, 2]");
        NpyArray right = NpyArray.real(Shape.of(2, 2), new float[] {0, 0, 1, 2});
        assertThatThrownBy(() -> run(Calls.inputs("audio", audio, "time_map", right), Map.of("rate", "2")))
                .hasMessageContaining("rate must be left out");
        assertThatThrownBy(() -> Calls.run(
                        Endpoint.STRETCH, Calls.inputs("audio", audio, "time_map", right), Map.of("n_fft", "64")))
                .hasMessageContaining("sample_rate must be given");
    }
}
