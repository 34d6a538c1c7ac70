package dev.phasor.web.inference;

import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.Answer;
import dev.phasor.operation.Operations;
import dev.phasor.web.connection.Client;
import dev.phasor.web.model.InferRequest;
import dev.phasor.web.model.InferenceStatistics;
import dev.phasor.web.model.Model;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Runs the inference requests of {@code /v2}: decodes the request, computes, and encodes the response. */
@RestController
class InferController {

    private final Operations operations;
    private final MemoryBudget budget;
    private final RequestReader reader;
    private final ResponseWriter writer;
    private final InferenceStatistics statistics;

    InferController(
            Operations operations,
            MemoryBudget budget,
            RequestReader reader,
            ResponseWriter writer,
            InferenceStatistics statistics) {
        this.operations = operations;
        this.budget = budget;
        this.reader = reader;
        this.writer = writer;
        this.statistics = statistics;
    }

    @PostMapping({"/v2/models/{model}/infer", "/v2/models/{model}/versions/{version}/infer"})
    void infer(
            @PathVariable String model,
            @PathVariable(required = false) @Nullable String version,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, HttpMediaTypeNotSupportedException {
        Model known = Model.of(model, version);
        try (MemoryBudget.Reservation memory = budget.openRequest(Client.nameOf(request));
                InferenceStatistics.Timing timing = statistics.begin(known)) {
            InferRequest asked = reader.read(known, request, memory);
            timing.decoded();
            Answer answer = operations.run(known.endpoint(), asked.call(), Client.of(request)::gone);
            timing.computed();
            writer.write(asked, answer, request, response);
            timing.written(answer);
        }
    }
}
