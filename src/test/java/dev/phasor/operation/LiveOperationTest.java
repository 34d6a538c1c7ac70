package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine's own objects, fed. */
class LiveOperationTest extends LiveContract {

    private static final LiveOperations OPERATIONS = new LiveOperations(Calls.LIMITS, Kernels.best(), 20e6);

    private float[] answered = new float[0];

    private LiveOperation begin(Fed fed) {
        answered = new float[0];
        return OPERATIONS.begin(
                fed.endpoint(),
                new Parameters(fed.endpoint(), fed.parameters(), Calls.MAXIMA, LiveOperations.WITHOUT),
                1024,
                new MemoryBudget(Long.MAX_VALUE).open(),
                (values, offset, count) -> {
                    answered = Arrays.copyOf(answered, answered.length + count);
                    System.arraycopy(values, offset, answered, answered.length - count, count);
                });
    }

    @Override
    protected float[] feed(Fed fed, int[] cut) {
        LiveOperation operation = begin(fed);
        int at = 0;
        for (int count : cut) {
            operation.push(fed.values(), at, count);
            at += count;
        }
        operation.end();
        return answered;
    }

    @ParameterizedTest
    @ValueSource(strings = {"magnitude", "power", "db"})
    void whatIsBeyondFloatsIsRefusedAsOfTheWhole(String output) {
        Map<String, String> parameters = Map.of("n_fft", "64", "hop_length", "16", "output", output);
        float[] values = new float[1000];
        Arrays.fill(values, 3e38f);
        LiveOperation fed = begin(new Fed("loud", Endpoint.STFT, parameters, values, 1, Map.of()));

        assertThatThrownBy(() -> {
                    fed.push(values, 0, values.length);
                    fed.end();
                })
                .isInstanceOf(InvalidInputException.class)
                .hasFieldOrPropertyWithValue("code", InvalidInputException.Code.NON_FINITE_INPUT);
    }

    /** What is fed has one name; another one would change nothing. */
    @ParameterizedTest
    @EnumSource(
            value = Endpoint.class,
            names = {"STFT", "MEL", "ISTFT", "STRETCH"})
    void anotherInputThanIsFedIsRefused(Endpoint endpoint) {
        Map<String, String> magnitude = Map.of("sample_rate", "16000", "input", "magnitude");

        assertThatThrownBy(() -> begin(new Fed("another", endpoint, magnitude, new float[0], 1, Map.of())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("input");
    }

    @Test
    void theInputThatIsFedMayBeNamed() {
        begin(new Fed("named", Endpoint.ISTFT, Map.of("input", "spectrogram"), new float[0], 1026, Map.of()));
    }

    /** Magnitudes of so many bins take longer to find than others may wait; given, they are taken. */
    @Test
    void theMagnitudesOfAMelAreWorkOfAFrame() {
        Map<String, String> rtpghi = Map.of("n_fft", "131072", "sample_rate", "16000", "algorithm", "rtpghi");
        begin(new Fed("magnitude", Endpoint.RECONSTRUCT, rtpghi, new float[0], 65537, Map.of()));

        assertThatThrownBy(() -> begin(
                        new Fed("mel", Endpoint.RECONSTRUCT, and(rtpghi, "input", "mel"), new float[0], 128, Map.of())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("phasor.live.frame-work");
    }

    /** Of one frame that is not centered the hop is handed out before it is known to be the last. */
    @Test
    void oneUncenteredFrameIsTheWholes() {
        Map<String, String> parameters = Map.of("n_fft", "1024", "hop_length", "1020", "center", "false");
        float[] values = Signals.noise(1, 2 * 513);
        NpyArray z = NpyArray.complex(Shape.of(513, 1), even(values, 0), even(values, 1));
        Fed fed = new Fed("one", Endpoint.ISTFT, parameters, values, 2 * 513, Map.of("spectrogram", z));

        assertThat(Arrays.equals(feed(fed, new int[] {values.length}), fed.whole()))
                .isTrue();
    }

    /** A rate that was not given is not told, and not warned of. */
    @ParameterizedTest
    @EnumSource(
            value = Endpoint.class,
            names = {"STFT", "MEL"})
    void reportsTheRateThatWasGiven(Endpoint endpoint) {
        float[] second = Signals.noise(1, 16000);
        for (Map<String, String> rate : List.of(Map.of("sample_rate", "16000"), Map.<String, String>of())) {
            if (endpoint == Endpoint.MEL && rate.isEmpty()) {
                continue; // its filters need one
            }
            LiveOperation operation = begin(new Fed("rate", endpoint, rate, second, 1, Map.of()));
            operation.push(second, 0, second.length);
            Map<String, Object> report = operation.end();

            assertThat(report.get("sample_rate")).isEqualTo(rate.isEmpty() ? null : 16000);
            assertThat(report).doesNotContainKey("warnings");
        }
    }

    private static float[] even(float[] pairs, int from) {
        float[] parts = new float[pairs.length / 2];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = pairs[2 * i + from];
        }
        return parts;
    }

    /** After each frame, or each sample, all is answered that the latency promises. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("everything")
    void keepsItsLatency(Fed fed) {
        LiveOperation operation = begin(fed);
        int hop = operation.hopLength();
        for (int at = 0; at + fed.frame() <= fed.values().length; at += fed.frame()) {
            operation.push(fed.values(), at, fed.frame());
            long came = fed.frame() == 1 ? at + 1 : (long) (at / fed.frame()) * hop;
            // Of frames the centers are known; the first sample of a hop waits for the latency, less half a frame.
            long due = fed.frame() == 1
                    ? (came - operation.latency()) / hop * operation.valuesOut()
                    : came - operation.latency() + hop;
            if (fed.endpoint() == Endpoint.STRETCH && came >= operation.latency()) {
                double rate = Double.parseDouble(fed.parameters().getOrDefault("rate", "1"));
                due = 1 + (long) ((came - operation.latency()) / rate);
            }
            long length = Long.parseLong(fed.parameters().getOrDefault("length", "9999"));
            assertThat((long) answered.length).isGreaterThanOrEqualTo(Math.min(length, due));
        }
    }
}
