package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.phasor.codec.NpyArray;
import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.ComputePool;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A call that is refused for what it is about may ask for a transform too, whose memory and work it answers for. */
class RefusedCallTest {

    private static final ComputePool POOL = new ComputePool(Calls.COMPUTE, new ClientLimits(100, 1, 100, 100));
    private static final Operations OPERATIONS =
            new Operations(Calls.LIMITS, Kernels.best(), (endpoint, start, report) -> {}, POOL, Calls.COMPUTE);

    @AfterAll
    static void close() {
        POOL.close();
    }

    @ParameterizedTest
    @CsvSource({
        "PHASE, 51, magnitude",
        "PHASE, 51, mel",
        "PHASE_DIAGNOSE, 51, magnitude",
        "RECONSTRUCT_VJP, 51, magnitude",
        "PHASE, 0, audio",
        "STFT, 0, audio",
        "MEL, 0, audio",
        "PHASE_DIAGNOSE, 0, audio",
        "RECONSTRUCT, 0, audio",
        "EVALUATE, 0, audio",
    })
    void theTransformIsReserved(Endpoint endpoint, int values, String input) {
        Map<String, String> parameters = new HashMap<>(Map.of("input", input));

        assertThat(refusal(endpoint, values, parameters).code()).isNotEqualTo(Code.TOO_LARGE);
        parameters.putAll(Map.of("n_fft", "1048573", "window", "kaiser"));
        assertThat(refusal(endpoint, values, parameters).code()).isEqualTo(Code.TOO_LARGE);
    }

    private static InvalidInputException refusal(Endpoint endpoint, int values, Map<String, String> parameters) {
        NpyArray array = NpyArray.real(values == 0 ? Shape.of(0) : Shape.of(3, values / 3), new float[values]);
        Call call = new Call(
                Calls.inputs("file", array),
                new Parameters(endpoint, parameters, Calls.MAXIMA),
                new MemoryBudget(1 << 20).open());
        return catchThrowableOfType(InvalidInputException.class, () -> OPERATIONS.run(endpoint, call, () -> false));
    }
}
