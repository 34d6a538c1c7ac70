package dev.phasor.web.operation;

import dev.phasor.phase.Phase;
import dev.phasor.web.guard.Client;
import dev.phasor.web.guard.ComputePool;
import dev.phasor.web.guard.ComputeSettings;
import dev.phasor.web.guard.Limits;
import dev.phasor.web.guard.Patience;
import dev.phasor.web.telemetry.ComputeMeters;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every operation by its name. */
public final class Operations {

    private final TransformSettings settings;
    private final ComputePool pool;
    private final int longest;
    private final Map<String, Operation> byName = new LinkedHashMap<>();

    public Operations(Limits limits, Phase phase, ComputeMeters meters, ComputePool pool, ComputeSettings compute) {
        this.pool = pool;
        longest = compute.timeout();
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
     * @throws dev.phasor.web.guard.ClientGoneException if the client is gone
     * @throws IllegalArgumentException if there is no operation of that name
     */
    public Answer run(String name, Call call, Client client) {
        Operation operation = byName.get(name);
        if (operation == null) {
            throw new IllegalArgumentException("no operation " + name);
        }
        Patience patience = new Patience(client::gone, call.parameters().timeout(longest));
        return pool.run(Workload.of(name, call, settings), patience, () -> operation.run(call));
    }
}
