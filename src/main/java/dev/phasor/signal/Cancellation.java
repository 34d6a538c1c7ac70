package dev.phasor.signal;

import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether work is still wanted. It is bound to the thread that does the work; code that moves work to other
 * threads must bind it there too. Loops that may run long {@link #check} it every few milliseconds. Work on a thread
 * without one cannot be cancelled.
 */
public class Cancellation {

    private static final Cancellation NONE = new Cancellation();

    private static final ThreadLocal<Cancellation> CURRENT = ThreadLocal.withInitial(() -> NONE);

    private volatile boolean cancelled;

    private @Nullable Runnable end;

    /** The cancellation bound to this thread. */
    public static Cancellation current() {
        return CURRENT.get();
    }

    /** Cancels the work: it ends at its next {@link #check}. */
    public void cancel() {
        if (this == NONE) {
            throw new IllegalStateException("no work is bound to this thread");
        }
        Runnable ending;
        synchronized (this) {
            cancelled = true;
            ending = end;
        }
        if (ending != null) {
            ending.run();
        }
    }

    /**
     * Says what ends the work that this thread now waits for, such as another program: {@link #cancel} runs it, on the
     * canceller's thread. Null takes it back.
     *
     * @throws CancellationException if the work is no longer wanted already
     */
    public void onCancel(@Nullable Runnable ending) {
        if (this == NONE) {
            return;
        }
        synchronized (this) {
            end = ending;
            if (ending != null) {
                check();
            }
        }
    }

    /** @throws CancellationException if the work is no longer wanted */
    public void check() {
        if (cancelled) {
            throw new CancellationException("the work is no longer wanted");
        }
    }

    /**
     * Runs the work on this thread, bound to this cancellation.
     *
     * @throws CancellationException if the work was cancelled before it starts or while it runs
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

    /** {@link #call} for work without a result. */
    public void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }
}
