package dev.phasor.web.grpc;

import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Patience;
import dev.phasor.operation.Answer;
import dev.phasor.operation.Operations;
import dev.phasor.web.model.InferRequest;
import dev.phasor.web.model.InferenceStatistics;
import dev.phasor.web.model.Model;
import dev.phasor.web.model.RequestAssembler;
import dev.phasor.web.model.RequestParts;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs inference requests: decodes a message, computes, and encodes the answer. */
final class Inferences {

    /** The time between two looks at the client, which is a look at a field. */
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Operations operations;
    private final RequestAssembler assembler;
    private final ResponseMessages messages;
    private final InferenceStatistics statistics;

    Inferences(
            Operations operations,
            RequestAssembler assembler,
            ResponseMessages messages,
            InferenceStatistics statistics) {
        this.operations = operations;
        this.assembler = assembler;
        this.messages = messages;
        this.statistics = statistics;
    }

    ModelInferResponse answer(ModelInferRequest message, InferenceCall call) {
        call.takeRequest();
        return answer(
                Model.of(message.getModelName(), version(message.getModelVersion())), MessageParts.of(message), call);
    }

    private ModelInferResponse answer(Model model, RequestParts parts, InferenceCall call) {
        try (InferenceStatistics.Timing timing = statistics.begin(model)) {
            InferRequest asked = assemble(model, parts, call.memory());
            timing.decoded();
            Answer answer = operations.run(model.endpoint(), asked.call(), patience(asked, call));
            timing.computed();
            ModelInferResponse response = messages.of(asked, answer);
            call.spend(response.getSerializedSize());
            timing.written(answer);
            return response;
        }
    }

    private InferRequest assemble(Model model, RequestParts parts, MemoryBudget.Reservation memory) {
        try {
            return assembler.assemble(model, parts, memory);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // values are in memory
        }
    }

    /** As over HTTP, unless the client's deadline is earlier. */
    private Patience patience(InferRequest asked, InferenceCall call) {
        long longest = operations.patience(asked.call(), call::isGone).timeout().toNanos();
        Long deadline = call.deadlineNanos();
        long timeout = deadline == null ? longest : Math.max(0, Math.min(deadline, longest));
        return new Patience(call::isGone, Duration.ofNanos(timeout), LOOK);
    }

    /** An empty version is none. */
    static @Nullable String version(String version) {
        return version.isEmpty() ? null : version;
    }
}
