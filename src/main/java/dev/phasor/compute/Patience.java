package dev.phasor.compute;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits how long a request waits for its computation: until its timeout, or until its client is gone. Used by one
 * thread.
 */
public final class Patience {

    /** The time between two checks of a client whose connection has to be asked. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final BooleanSupplier gone;
    private final Duration timeout;
    private final long lookNanos;
    private long left;
    private long lastLook = System.nanoTime();

    /**
     * @param gone whether the client is gone; it may throw {@link BusyException}
     * @param timeout for all waits together
     */
    public Patience(BooleanSupplier gone, Duration timeout) {
        this(gone, timeout, LOOK);
    }

    /** @param look the time between two checks of the client */
    public Patience(BooleanSupplier gone, Duration timeout, Duration look) {
        this.gone = gone;
        this.lookNanos = look.toNanos();
        this.timeout = timeout;
        this.left = timeout.toNanos();
    }

    /** For all waits together. */
    public Duration timeout() {
        return timeout;
    }

    /** What the waits before have left of it. */
    public Duration left() {
        return Duration.ofNanos(left);
    }

    /**
     * Takes time that the request's own thread has worked, as if it had waited.
     *
     * @throws BusyException if none is left
     */
    void spend(long nanos) {
        left -= nanos;
        if (left <= 0) {
            throw BusyException.timeout(timeout.toMillis() / 1000.0);
        }
    }

    /** Returns the job's result. If this method throws, the job's work has ended. */
    <T> T await(Computation<T> job) {
        return await(job, () -> {});
    }

    /** {@link #await(Computation)}, with something to do at each look at the client. */
    <T> T await(Computation<T> job, Runnable meanwhile) {
        long start = System.nanoTime();
        try {
            // In a series of short waits no single wait is long enough for a check.
            if (start - lastLook > lookNanos) {
                look(job, left);
            }
            while (true) {
                long rest = left - (System.nanoTime() - start);
                try {
                    return job.get(Math.max(0, Math.min(lookNanos, rest)), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    look(job, rest);
                    meanwhile.run();
                }
            }
        } catch (InterruptedException e) {
            job.abandon();
            Thread.currentThread().interrupt();
            throw new BusyException("the service is stopping");
        } catch (ExecutionException e) {
            throw unchecked(e.getCause());
        } finally {
            left -= System.nanoTime() - start;
        }
    }

    private void look(Computation<?> job, long rest) {
        boolean wanted = false;
        lastLook = System.nanoTime();
        try {
            if (gone.getAsBoolean()) {
                throw new ClientGoneException();
            } else if (rest <= 0) {
                throw BusyException.timeout(timeout.toMillis() / 1000.0);
            }
            wanted = true;
        } finally {
            if (!wanted) {
                job.abandon();
            }
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException exception ? exception : new IllegalStateException(cause);
    }
}
