package dev.phasor.operation;

import dev.phasor.compute.ComputePool;
import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.compute.Patience;
import dev.phasor.phase.Phase;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.stft.FftKernel;
import dev.phasor.stft.TransformCost;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Every endpoint's operation. */
public final class Operations {

    private final TransformSettings settings;
    private final FftKernel transforms;
    private final ComputePool pool;
    private final int longest;
    private final long mostSent;
    private final Map<Endpoint, Operation> operations;
    private final Observer observer;

    public Operations(Limits limits, Kernels kernels, Observer observer, ComputePool pool, ComputeSettings compute) {
        this.pool = pool;
        longest = compute.timeout();
        mostSent = limits.uploadBytes();
        settings = new TransformSettings(limits);
        operations = all(settings, kernels);
        transforms = kernels.transform();
        this.observer = observer;
    }

    static Map<Endpoint, Operation> all(TransformSettings settings, Kernels kernels) {
        Phase phase = new Phase(kernels.phase());
        Transform transform = new Transform(settings, kernels);
        Map<Endpoint, Operation> operations = new EnumMap<>(Endpoint.class);
        operations.put(Endpoint.STFT, new StftOperation(transform));
        operations.put(Endpoint.MEL, new MelOperation(transform));
        operations.put(Endpoint.MEL_VJP, new MelVjpOperation(transform));
        operations.put(Endpoint.ISTFT, new IstftOperation(transform));
        operations.put(Endpoint.PHASE, new PhaseOperation(transform, phase));
        operations.put(Endpoint.PHASE_VJP, new PhaseVjpOperation(phase, kernels.accelerator()));
        operations.put(Endpoint.RECONSTRUCT, new ReconstructOperation(transform, phase));
        operations.put(Endpoint.PHASE_DIAGNOSE, new DiagnoseOperation(transform, phase));
        operations.put(Endpoint.EVALUATE, new EvaluateOperation(transform));
        operations.put(Endpoint.RECONSTRUCT_VJP, new ReconstructVjpOperation(transform, phase));
        operations.put(Endpoint.STRETCH, new StretchOperation(transform));
        SeparateOperation separation = new SeparateOperation(transform, phase);
        operations.put(Endpoint.SEPARATE, separation::separate);
        operations.put(Endpoint.SEPARATE_VJP, separation::vjp);
        return operations;
    }

    /**
     * Computes in the pool, and waits for it.
     *
     * @param gone whether the client is; it may throw {@link dev.phasor.compute.BusyException}
     * @throws dev.phasor.signal.InvalidInputException for what the client has to change
     * @throws dev.phasor.compute.BusyException for what the client may try again
     * @throws dev.phasor.compute.ClientGoneException if the client is gone
     */
    public Answer run(Endpoint endpoint, Call call, BooleanSupplier gone) {
        return run(endpoint, call, patience(call, gone));
    }

    /** Of a call that its operation refuses: it may have made the transform that was asked for before. */
    private Account refused(Parameters parameters) {
        return parameters.has(Parameter.N_FFT)
                ? Account.of(new TransformCost(settings.forAudio(parameters), transforms, pool.threads()))
                : Account.NOTHING;
    }

    /** How long a call may be waited for, from now on. */
    public Patience patience(Call call, BooleanSupplier gone) {
        Duration timeout = call.parameters().timeout(longest);
        return new Patience(gone, endsWithBest(call.parameters()) ? timeout.multipliedBy(2) : timeout);
    }

    private static boolean endsWithBest(Parameters parameters) {
        return parameters.get(Parameter.ON_TIMEOUT) == Parameter.OnTimeout.BEST;
    }

    /** A call whose iterations end when the first half of its patience is over. */
    private static Call endingWithBest(Call call, Patience patience) {
        long end = System.nanoTime()
                + patience.left().toNanos()
                - patience.timeout().toNanos() / 2;
        return call.with(new Deadline(call.progress(), end));
    }

    /** {@link #run} with what is left of a patience. */
    public Answer run(Endpoint endpoint, Call asked, Patience patience) {
        Call call = endsWithBest(asked.parameters()) ? endingWithBest(asked, patience) : asked;
        Operation operation = Objects.requireNonNull(operations.get(endpoint));
        Account account = Geometry.of(endpoint, call, settings, transforms, pool.threads())
                .map(Account::of)
                .orElseGet(() -> refused(call.parameters()));
        Answer answer = pool.run(call.memory().client(), (long) account.work(), patience, () -> {
            call.memory().add(account.bytes(), endpoint.wireName());
            long start = System.nanoTime();
            Answer computed = operation.run(call);
            observer.computed(endpoint, start, computed.report());
            return computed.saying(call.inputs().origin()).warned(mostSent);
        });
        // While it is written, however slowly its reader takes it, it alone is held.
        call.inputs().letGo();
        call.memory().keep(answer.bytes(), "the answer");
        return answer;
    }
}
