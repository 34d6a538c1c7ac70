package dev.phasor.web.audio;

import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Patience;
import dev.phasor.operation.Answer;
import dev.phasor.operation.Call;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Intake;
import dev.phasor.operation.Operations;
import dev.phasor.reconstruction.Progress;
import dev.phasor.web.telemetry.ComputeMeters;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import java.io.IOException;
import java.util.Map;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;

/** Answers a request of {@code /v1}: decodes it, computes, and encodes the answer. */
final class Exchange {

    private final Operations operations;
    private final MemoryBudget budget;
    private final CallReader reader;
    private final Intake intake;
    private final AnswerWriter writer;
    private final ComputeMeters meters;
    private final AudioStream stream;
    private final MagnitudeStream magnitudes;
    private final SpectrogramStream spectrograms;
    private final ComplexStream complexes;

    Exchange(
            Operations operations,
            MemoryBudget budget,
            CallReader reader,
            Intake intake,
            AnswerWriter writer,
            ComputeMeters meters,
            AudioStream stream,
            MagnitudeStream magnitudes,
            SpectrogramStream spectrograms,
            ComplexStream complexes) {
        this.operations = operations;
        this.budget = budget;
        this.reader = reader;
        this.intake = intake;
        this.writer = writer;
        this.meters = meters;
        this.stream = stream;
        this.magnitudes = magnitudes;
        this.spectrograms = spectrograms;
        this.complexes = complexes;
    }

    /** @param progress hears of iterations, where there are some */
    void run(Endpoint endpoint, Sent request, Reply reply, Progress progress)
            throws IOException, HttpMediaTypeNotSupportedException, HttpMediaTypeNotAcceptableException {
        try (MemoryBudget.Reservation memory = budget.openRequest(request.client())) {
            if (endpoint == Endpoint.RECONSTRUCT && stream.takes(request)) {
                stream.run(request, reply, memory);
            } else if (endpoint == Endpoint.STFT && spectrograms.takes(request)) {
                spectrograms.run(request, reply, memory);
            } else if (endpoint == Endpoint.RECONSTRUCT && magnitudes.mayTake(request)) {
                Begun begun = new Begun(request);
                if (magnitudes.isLong(begun)) {
                    magnitudes.run(begun, reply, memory, progress);
                } else {
                    hold(endpoint, begun, reply, progress, memory);
                }
            } else if (endpoint == Endpoint.ISTFT && complexes.mayTake(request)) {
                Begun begun = new Begun(request);
                if (complexes.takes(begun)) {
                    complexes.run(begun, reply, memory);
                } else {
                    hold(endpoint, begun, reply, progress, memory);
                }
            } else {
                hold(endpoint, request, reply, progress, memory);
            }
        }
    }

    /** Answers a request whose values are held as a whole. */
    private void hold(Endpoint endpoint, Sent request, Reply reply, Progress progress, MemoryBudget.Reservation memory)
            throws IOException, HttpMediaTypeNotSupportedException, HttpMediaTypeNotAcceptableException {
        String operation = endpoint.wireName();
        long received = System.nanoTime();
        Call call = reader.read(endpoint, request, memory).with(progress);
        Patience patience = operations.patience(call, request.gone());
        intake.run(endpoint, call, patience);
        meters.stage(operation, Stage.DECODE, received, Map.of());
        Answer answer = operations.run(endpoint, call, patience);
        long computed = System.nanoTime();
        Map<String, Object> report = writer.write(answer, call, request, reply);
        meters.stage(operation, Stage.ENCODE, computed, report);
        if (report.get("clipped") instanceof Long clipped) {
            meters.clipped(operation, clipped);
        }
    }
}
