package dev.phasor.web.audio;

import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Patience;
import dev.phasor.operation.Answer;
import dev.phasor.operation.Call;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Intake;
import dev.phasor.operation.Operations;
import dev.phasor.web.connection.Client;
import dev.phasor.web.telemetry.ComputeMeters;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Runs the operations of {@code /v1}: decodes the request, computes, and encodes the response. */
@RestController
@RequestMapping("/v1")
class AudioController {

    private final Operations operations;
    private final MemoryBudget budget;
    private final CallReader reader;
    private final Intake intake;
    private final AnswerWriter writer;
    private final ComputeMeters meters;
    private final AudioStream stream;

    AudioController(
            Operations operations,
            MemoryBudget budget,
            CallReader reader,
            Intake intake,
            AnswerWriter writer,
            ComputeMeters meters,
            AudioStream stream) {
        this.operations = operations;
        this.budget = budget;
        this.reader = reader;
        this.intake = intake;
        this.writer = writer;
        this.meters = meters;
        this.stream = stream;
    }

    @PostMapping("/stft")
    void stft(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.STFT, request, response);
    }

    @PostMapping("/mel")
    void mel(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.MEL, request, response);
    }

    @PostMapping("/mel/vjp")
    void melVjp(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.MEL_VJP, request, response);
    }

    @PostMapping("/istft")
    void istft(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.ISTFT, request, response);
    }

    @PostMapping("/phase")
    void phase(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.PHASE, request, response);
    }

    @PostMapping("/phase/vjp")
    void phaseVjp(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.PHASE_VJP, request, response);
    }

    @PostMapping("/reconstruct")
    void reconstruct(HttpServletRequest request, HttpServletResponse response) throws Exception {
        if (!stream.takes(request)) {
            run(Endpoint.RECONSTRUCT, request, response);
            return;
        }
        try (MemoryBudget.Reservation memory = budget.openRequest(Client.nameOf(request))) {
            stream.run(request, response, memory);
        }
    }

    @PostMapping("/phase/diagnose")
    void diagnose(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.PHASE_DIAGNOSE, request, response);
    }

    @PostMapping("/evaluate")
    void evaluate(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.EVALUATE, request, response);
    }

    @PostMapping("/reconstruct/vjp")
    void reconstructVjp(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.RECONSTRUCT_VJP, request, response);
    }

    private void run(Endpoint endpoint, HttpServletRequest request, HttpServletResponse response)
            throws IOException, HttpMediaTypeNotSupportedException, HttpMediaTypeNotAcceptableException {
        try (MemoryBudget.Reservation memory = budget.openRequest(Client.nameOf(request))) {
            String operation = endpoint.wireName();
            long received = System.nanoTime();
            Call call = reader.read(endpoint, request, memory);
            Patience patience = operations.patience(call, Client.of(request)::gone);
            intake.run(endpoint, call, patience);
            meters.stage(operation, Stage.DECODE, received, Map.of());
            Answer answer = operations.run(endpoint, call, patience);
            long computed = System.nanoTime();
            Map<String, Object> report = writer.write(answer, call, request, response);
            meters.stage(operation, Stage.ENCODE, computed, report);
            if (report.get("clipped") instanceof Long clipped) {
                meters.clipped(operation, clipped);
            }
        }
    }
}
