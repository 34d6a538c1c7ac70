package dev.phasor.web.operation;

import dev.phasor.phase.Phase;
import dev.phasor.web.guard.ComputePool;
import dev.phasor.web.guard.Limits;
import dev.phasor.web.telemetry.ComputeMeters;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every operation by its name. */
public final class Operations {

    private final TransformSettings settings;
    private final ComputePool pool;
    private final Map<String, Operation> byName = new LinkedHashMap<>();

    public Operations(Limits limits, Phase phase, ComputeMeters meters, ComputePool pool) {
        this.pool = pool;
        settings = new TransformSettings(limits);
        Transform transform = new Transform(settings);
        byName.put("stft", new StftOperation(settings));
        byName.put("istft", new IstftOperation(settings));
        byName.put("phase", new PhaseOperation(transform, phase));
        byName.put("phase_vjp", new PhaseVjpOperation(phase));
        byName.put("reconstruct", new ReconstructOperation(limits, transform, phase));
        byName.put("phase_diagnose", new DiagnoseOperation(transform));
        byName.put("evaluate", new EvaluateOperation(settings));
        byName.put("reconstruct_vjp", new ReconstructVjpOperation(transform, phase));
        byName.replaceAll((name, operation) -> new MeteredOperation(name, operation, meters));
    }

    /**
     * Computes in the pool, and waits for it.
     *
     * @throws dev.phasor.signal.InvalidInputException for what the client has to change
     * @throws dev.phasor.web.guard.BusyException for what the client may try again
     * @throws IllegalArgumentException if there is no operation of that name
     */
    public Answer run(String name, Call call) {
        Operation operation = byName.get(name);
        if (operation == null) {
            throw new IllegalArgumentException("no operation " + name);
        }
        return pool.run(Workload.of(name, call, settings), () -> operation.run(call));
    }
}
