package dev.phasor.web.operation;

import dev.phasor.phase.Phase;
import dev.phasor.web.guard.Client;
import dev.phasor.web.guard.ComputePool;
import dev.phasor.web.guard.ComputeSettings;
import dev.phasor.web.guard.Limits;
import dev.phasor.web.guard.Patience;
import dev.phasor.web.telemetry.ComputeMeters;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Every endpoint's operation. */
public final class Operations {

    private final TransformSettings settings;
    private final ComputePool pool;
    private final int longest;
    private final Map<Endpoint, Operation> operations;

    public Operations(Limits limits, Phase phase, ComputeMeters meters, ComputePool pool, ComputeSettings compute) {
        this.pool = pool;
        longest = compute.timeout();
        settings = new TransformSettings(limits);
        operations = all(limits, phase);
        operations.replaceAll((endpoint, operation) -> new MeteredOperation(endpoint.wireName(), operation, meters));
    }

    /** What computes, without meters. */
    static Map<Endpoint, Operation> all(Limits limits, Phase phase) {
        TransformSettings settings = new TransformSettings(limits);
        Transform transform = new Transform(settings);
        Map<Endpoint, Operation> operations = new EnumMap<>(Endpoint.class);
        operations.put(Endpoint.STFT, new StftOperation(settings));
        operations.put(Endpoint.ISTFT, new IstftOperation(settings));
        operations.put(Endpoint.PHASE, new PhaseOperation(transform, phase));
        operations.put(Endpoint.PHASE_VJP, new PhaseVjpOperation(phase));
        operations.put(Endpoint.RECONSTRUCT, new ReconstructOperation(limits, transform, phase));
        operations.put(Endpoint.PHASE_DIAGNOSE, new DiagnoseOperation(transform));
        operations.put(Endpoint.EVALUATE, new EvaluateOperation(settings));
        operations.put(Endpoint.RECONSTRUCT_VJP, new ReconstructVjpOperation(transform, phase));
        return operations;
    }

    /**
     * Computes in the pool, and waits for it.
     *
     * @throws dev.phasor.signal.InvalidInputException for what the client has to change
     * @throws dev.phasor.web.guard.BusyException for what the client may try again
     * @throws dev.phasor.web.guard.ClientGoneException if the client is gone
     */
    public Answer run(Endpoint endpoint, Call call, Client client) {
        Operation operation = Objects.requireNonNull(operations.get(endpoint));
        Patience patience = new Patience(client::gone, call.parameters().timeout(longest));
        Account account = Geometry.of(endpoint, call, settings, pool.threads())
                .map(Account::of)
                .orElse(Account.NOTHING);
        Answer answer = pool.run(call.memory().client(), (long) account.work(), patience, () -> {
            call.memory().add(account.bytes(), endpoint.wireName());
            return operation.run(call);
        });
        // While it is written, however slowly its reader takes it, it alone is held.
        call.memory().giveBack(Math.max(0, account.bytes() - answer.bytes()));
        return answer;
    }
}
