package dev.phasor.web.grpc;

import dev.phasor.compute.BusyException;
import dev.phasor.web.connection.InFlight;
import dev.phasor.web.refusal.ProblemWriter;
import dev.phasor.web.telemetry.RequestLines;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that are open, their places and their threads. A call holds a thread at most, so as many threads as places
 * do, and some beside them for what does not wait.
 */
final class Calls extends ServerStreamTracer.Factory implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Calls.class);

    /** Threads that refuse calls and answer health while every place is taken. */
    private static final int BESIDE = 8;

    private static final long LOOK_MILLIS = 250;

    private final Pace pace;
    private final InFlight inFlight;
    private final RequestLines lines;
    private final ProblemWriter problems;
    private final ForkJoinPool threads;
    private final ScheduledExecutorService clock;
    private final Set<InferenceCall> open = ConcurrentHashMap.newKeySet();
    private final Places places;
    private final Places others;
    private volatile boolean stopping;

    /** @param share percent of the places left by others that the calls of one address may hold */
    Calls(GrpcSettings settings, int share, Pace pace, InFlight inFlight, RequestLines lines, ProblemWriter problems) {
        places = new Places(settings.calls(), share, "phasor.grpc.calls");
        others = new Places(settings.otherCalls(), share, "phasor.grpc.other-calls");
        this.pace = pace;
        this.inFlight = inFlight;
        this.lines = lines;
        this.problems = problems;
        ClassLoader loader = Calls.class.getClassLoader();
        threads = new ForkJoinPool(
                settings.calls() + BESIDE,
                pool -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
                    thread.setName("grpc-" + thread.getPoolIndex());
                    thread.setContextClassLoader(loader);
                    return thread;
                },
                null,
                true);
        clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "grpc-clock");
            thread.setDaemon(true);
            return thread;
        });
        clock.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    Executor threads() {
        return threads;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new InferenceCall(this, method);
    }

    /** Calls of inference. */
    int count() {
        return places.taken();
    }

    /** Calls of all other methods. */
    int others() {
        return others.taken();
    }

    /**
     * Gives a call a place: those of inference have their own, so that health is told while all of them are taken.
     *
     * @throws BusyException if there is none, or the service stops and the call would infer
     */
    void admit(InferenceCall call, String address) {
        if (call.isSmall()) {
            others.take(address);
        } else if (stopping) {
            throw stopping();
        } else {
            places.take(address);
            inFlight.enter();
        }
        open.add(call);
    }

    /** A call has ended; {@code address} is null if it had no place. */
    void ended(InferenceCall call, @Nullable String address, RequestLines.Line line) {
        if (address != null) {
            open.remove(call);
            if (call.isSmall()) {
                others.give(address);
            } else {
                places.give(address);
                inFlight.leave();
            }
        }
        lines.write(line);
    }

    /** Counts a refusal. */
    Refusal refused(Throwable fault) {
        return refused(Refusal.of(fault));
    }

    Refusal refused(Refusal refusal) {
        problems.count(refusal.code());
        return refusal;
    }

    static BusyException stopping() {
        return new BusyException("the service is stopping");
    }

    /** @throws BusyException if the service no longer waits for what runs */
    void checkEnding() {
        if (inFlight.isEnding()) {
            throw stopping();
        }
    }

    boolean isStopping() {
        return stopping;
    }

    /** No call is begun from now on, and streams that wait for a message are ended. */
    void stop() {
        stopping = true;
    }

    /** After a stop. */
    void start() {
        stopping = false;
    }

    private void look() {
        long now = System.nanoTime();
        for (InferenceCall call : open) {
            try {
                call.look(now, pace, stopping);
            } catch (RuntimeException e) {
                log.error("a call could not be looked at", e);
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        threads.shutdown();
    }
}
