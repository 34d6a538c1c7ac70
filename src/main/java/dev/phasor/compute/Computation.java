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

/** What one request has computed for it, in the log's context of the thread that asks for it. */
final class Computation<T> extends FutureTask<T> {

    private final Cancellation wanted;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final String client;

    /** @param client whose work it is, where what one client may take is counted */
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

    /** Whose work it is. */
    String client() {
        return client;
    }

    @Override
    public void run() {
        if (begun.compareAndSet(false, true)) {
            super.run();
        }
    }

    /**
     * Sees that its work never begins, or waits for its end, which comes soon: what the work holds is free when this
     * returns.
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
                // How it ended is of no interest to anyone now, unless it took the memory of all.
                OutOfMemory.endIfBehind(e);
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
