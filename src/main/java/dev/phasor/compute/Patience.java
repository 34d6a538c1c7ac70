package dev.phasor.compute;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a request waits for what is computed for it: until its time is up, or nobody is there to be answered. Used
 * by one thread.
 */
public final class Patience {

    /** Between two looks at the client. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final BooleanSupplier gone;
    private final Duration timeout;
    private long left;
    private long lastLook = System.nanoTime();

    /**
     * @param gone whether the client is; it may throw {@link BusyException}
     * @param timeout for all that is waited for, together
     */
    public Patience(BooleanSupplier gone, Duration timeout) {
        this.gone = gone;
        this.timeout = timeout;
        this.left = timeout.toNanos();
    }

    /** When it throws, the job's work has ended. */
    <T> T await(Computation<T> job) {
        long start = System.nanoTime();
        try {
            // Where many short waits follow each other none of them is long enough to look.
            if (start - lastLook > LOOK_NANOS) {
                look(job, left);
            }
            while (true) {
                long rest = left - (System.nanoTime() - start);
                try {
                    return job.get(Math.max(0, Math.min(LOOK_NANOS, rest)), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    look(job, rest);
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
