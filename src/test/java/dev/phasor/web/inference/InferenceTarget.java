package dev.phasor.web.inference;

import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.fuzz.Bounded;
import dev.phasor.operation.Maxima;
import dev.phasor.web.model.Model;
import dev.phasor.web.model.RequestAssembler;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bodies of {@code /v2}: a byte for the model, two for the length of the JSON object (0: it is all there is), then the
 * body.
 */
public final class InferenceTarget {

    private static final Limits LIMITS = new Limits(
            DataSize.ofMegabytes(1), DataSize.ofMegabytes(1), 70, 2, 1 << 20, 10_000, 20, DataSize.ofKilobytes(1));

    private static final RequestReader READER = new RequestReader(
            LIMITS,
            new RequestAssembler(LIMITS, new Maxima(LIMITS, new ComputeSettings(0, 0, 0, 0, 0, 0, 1, 300))),
            JsonMapper.shared());

    private static final MemoryBudget BUDGET = new MemoryBudget(16 << 20);

    private InferenceTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Bounded.read(bytes, in -> {
            Model model = Model.values()[(in.read() & 0xff) % Model.values().length];
            int headerLength = ((in.read() & 0xff) << 8) + (in.read() & 0xff);
            try (MemoryBudget.Reservation memory = BUDGET.open()) {
                return READER.read(model, in, headerLength, memory);
            }
        });
    }
}
