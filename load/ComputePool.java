package dev.phasor.web.guard.load;

import dev.phasor.web.guard.BusyException;
import dev.phasor.web.guard.RefusedException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Computes for as many requests at once as there are cores; a few more wait for their turn, the next are refused at
 * once. The thread that serves a request waits here, and watches the clock and the client meanwhile.
 */
public final class ComputePool implements AutoCloseable {

    /** A client that goes away ends its work within a second. */
    private static final Duration WATCH = Duration.ofMillis(100);

    private final ExecutorService threads;
    private final Turns turns;

    public ComputePool(LoadLimits limits) {
        this.threads = Executors.newFixedThreadPool(limits.threads(), new CustomizableThreadFactory("compute-"));
        this.turns = new Turns(limits.threads(), limits.queue(), threads);
    }

    /** @throws BusyException if work of this lane would be refused now */
    public void checkRoom(Lane lane) {
        if (!turns.hasRoom(lane)) {
            throw busy(lane);
        }
    }

    /** Work that waits for its turn. */
    public int queued(Lane lane) {
        return turns.queued(lane);
    }

    /** Work that is being done. */
    public int running() {
        return turns.running();
    }

    /**
     * Does the work when its turn comes, and waits for it. Returns and throws only after the work has ended, so that
     * its memory can be given back: work asks {@code cancellation} between its steps.
     *
     * @throws BusyException if too many wait already
     * @throws RefusedException if the time is over or the client has gone
     */
    public <T> T run(
            Supplier<T> work, Lane lane, Cancellation cancellation, ClientConnection connection, Duration timeout) {
        long start = System.nanoTime();
        FutureTask<T> task = new FutureTask<>(() -> {
            cancellation.check();
            return work.get();
        });
        if (!turns.add(task, lane)) {
            throw busy(lane);
        }
        while (true) {
            Duration left = timeout.minusNanos(System.nanoTime() - start);
            try {
                return await(task, cancellation.isCancelled() || left.compareTo(WATCH) > 0 ? WATCH : left);
            } catch (TimeoutException e) {
                if (cancellation.isCancelled()) {
                    continue;
                }
                if (System.nanoTime() - start >= timeout.toNanos()) {
                    cancellation.cancel(RefusedException.timeout(timeout));
                } else if (!connection.isOpen()) {
                    cancellation.cancel(RefusedException.gone());
                }
                if (cancellation.isCancelled() && turns.remove(task, lane)) {
                    cancellation.check();
                }
            }
        }
    }

    private static <T> T await(FutureTask<T> task, Duration longest) throws TimeoutException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get(longest.toNanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static BusyException busy(Lane lane) {
        return new BusyException("too many requests wait already ("
                + (lane == Lane.SMALL ? "small" : "large") + " ones; phasor.limits.queue)");
    }

    /** Waits for what runs: the server has answered everybody by then. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
