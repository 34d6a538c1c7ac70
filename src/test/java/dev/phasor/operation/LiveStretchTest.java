package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.LiveHeap;
import dev.phasor.Signals;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.reconstruction.Kernels;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a live stretch holds is reserved when it starts, and is as much after many seconds. */
class LiveStretchTest {

    private static final long NOISE = 2 << 20;

    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final LiveOperations operations = new LiveOperations(Calls.LIMITS, Kernels.best(), 1e12);

    private LiveOperation fed(Map<String, String> parameters, int pushes) {
        LiveOperation operation = operations.begin(
                Endpoint.STRETCH,
                new Parameters(Endpoint.STRETCH, parameters, Calls.MAXIMA, LiveOperations.WITHOUT),
                1024,
                budget.open(),
                (values, offset, count) -> {});
        float[] samples = Signals.noise(1, 1 << 16);
        for (int i = 0; i < pushes; i++) {
            operation.push(samples, 0, samples.length);
        }
        return operation;
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0", "2, 0", "10, -24", "0.8, 5"})
    void holdsWhatIsReservedAndDoesNotGrow(String rate, String semitones) throws InterruptedException {
        Map<String, String> parameters = Map.of(
                "n_fft",
                "65536",
                "hop_length",
                "16384",
                "rate",
                rate,
                "semitones",
                semitones,
                "n_iter",
                "1",
                "lookahead",
                "0");
        fed(parameters, 1);
        long reserved = budget.reserved();
        for (int pushes : new int[] {4, 12}) {
            long held = LiveHeap.heldBy(() -> fed(parameters, pushes));
            assertThat(held).as("held after %d pushes", pushes).isBetween(reserved / 3 - NOISE, reserved + NOISE);
        }
    }
}
