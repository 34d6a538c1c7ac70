package dev.phasor.signal;

import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Whether work is still wanted. It is bound to the thread that does the work; what hands work to other threads takes it
 * along. Loops that may run long {@link #check} it every few milliseconds' worth of work. A thread without one works to
 * the end.
 */
public class Cancellation {

    private static final Cancellation NONE = new Cancellation();

    private static final ThreadLocal<Cancellation> CURRENT = ThreadLocal.withInitial(() -> NONE);

    private volatile boolean cancelled;

    /** That of the work which this thread does. */
    public static Cancellation current() {
        return CURRENT.get();
    }

    /** The work bound to this ends at its next {@link #check}. */
    public void cancel() {
        if (this == NONE) {
            throw new IllegalStateException("no work is bound to this thread");
        }
        cancelled = true;
    }

    /** @throws CancellationException if the work is no longer wanted */
    public void check() {
        if (cancelled) {
            throw new CancellationException("the work is no longer wanted");
        }
    }

    /**
     * Does the work on this thread, bound to this.
     *
     * @throws CancellationException if it is not, or no longer, wanted
     */
    public <T> T call(Supplier<T> work) {
        check();
        Cancellation outer = CURRENT.get();
        CURRENT.set(this);
        try {
            return work.get();
        } finally {
            CURRENT.set(outer);
        }
    }

    /** {@link #call} of what has no result. */
    public void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }
}
