package dev.phasor.web.operation;

import dev.phasor.web.guard.load.ClientConnection;
import dev.phasor.web.guard.load.ComputePool;
import dev.phasor.web.guard.load.Lane;
import dev.phasor.web.guard.load.LoadLimits;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;

/** What the faces call: an operation by its name, run when its turn comes, while the client waits and its time lasts. */
public final class Engine {

    private final Operations operations;
    private final ComputePool pool;
    private final LoadLimits limits;

    public Engine(Operations operations, ComputePool pool, LoadLimits limits) {
        this.operations = operations;
        this.pool = pool;
        this.limits = limits;
    }

    /**
     * @param request the one that waits for the answer
     * @throws dev.phasor.signal.InvalidInputException for what the client has to change
     * @throws dev.phasor.web.guard.RefusedException where the service is busy, the time is over or the client has gone
     */
    public Answer run(String name, Call call, HttpServletRequest request) {
        Operation operation = operations.get(name);
        return pool.run(
                () -> operation.run(call),
                lane(operation, call),
                call.cancellation(),
                ClientConnection.of(request),
                timeout(call.parameters()));
    }

    private Lane lane(Operation operation, Call call) {
        long work = call.memory().held() * operation.passes(call);
        return work <= limits.smallWork().toBytes() ? Lane.SMALL : Lane.LARGE;
    }

    /** The client's, in seconds, but no longer than the service's. */
    private Duration timeout(Parameters parameters) {
        double longest = limits.timeout().toNanos() / 1e9;
        double seconds = parameters.number("timeout", longest, 0, Integer.MAX_VALUE);
        return Duration.ofNanos((long) (Math.min(seconds, longest) * 1e9));
    }
}
