package dev.phasor.compute;

import dev.phasor.signal.Cancellation;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * One request's computation. It runs with the logging context of the thread that created it. Who waits for the result
 * gets it when the place it ran in is free again, so that one request after another never finds its own place taken.
 */
final class Computation<T> extends FutureTask<T> {

    private final Cancellation wanted;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final String client;
    /** Of the thread that runs it. */
    private Runnable leave = () -> {};

    /** @param client owner of the work, for the limits of one client */
    Computation(String client, Supplier<T> work) {
        this(client, new Cancellation(), work, MDC.getCopyOfContextMap());
    }

    private Computation(String client, Cancellation wanted, Supplier<T> work, @Nullable Map<String, String> context) {
        super(() -> {
            Map<String, String> before = MDC.getCopyOfContextMap();
            MDC.setContextMap(context);
            try {
                return wanted.call(work);
            } finally {
                MDC.setContextMap(before);
            }
        });
        this.wanted = wanted;
        this.client = client;
    }

    /** The owner of the work. */
    String client() {
        return client;
    }

    /** Whether a thread has begun it, or it never will be. */
    boolean isBegun() {
        return begun.get();
    }

    @Override
    public void run() {
        run(() -> {});
    }

    /**
     * @param leave gives the place back: before the result is known, or at once if it was begun elsewhere or is not
     *     wanted
     */
    void run(Runnable leave) {
        if (begun.compareAndSet(false, true)) {
            this.leave = leave;
            super.run();
        } else {
            leave.run();
        }
    }

    @Override
    protected void set(T result) {
        try {
            leave.run();
        } finally {
            super.set(result);
        }
    }

    @Override
    protected void setException(Throwable fault) {
        try {
            leave.run();
        } finally {
            super.setException(fault);
        }
    }

    /**
     * Prevents the work from starting, or cancels it and waits for its end, which is soon. After this method returns,
     * the work holds no resources.
     */
    void abandon() {
        wanted.cancel();
        if (begun.compareAndSet(false, true)) {
            cancel(false);
        }
        boolean interrupted = false;
        while (!isDone()) {
            try {
                get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (CancellationException e) {
                break;
            } catch (ExecutionException e) {
                // The result is no longer needed, unless the process ran out of memory.
                OutOfMemory.endIfBehind(e);
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
