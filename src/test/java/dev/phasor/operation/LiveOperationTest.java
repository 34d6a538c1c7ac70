package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.compute.MemoryBudget;
import dev.phasor.reconstruction.Kernels;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine's own objects, fed. */
class LiveOperationTest extends LiveContract {

    private static final LiveOperations OPERATIONS = new LiveOperations(Calls.LIMITS, Kernels.best());

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
            long length = Long.parseLong(fed.parameters().getOrDefault("length", "9999"));
            assertThat((long) answered.length).isGreaterThanOrEqualTo(Math.min(length, due));
        }
    }
}
