package dev.phasor.web.guard.load;

import dev.phasor.web.guard.RefusedException;
import org.jspecify.annotations.Nullable;

/** Whether a request's work is still wanted. Whoever does the work asks between its steps. Thread-safe. */
public final class Cancellation {

    private volatile @Nullable RefusedException reason;

    /** From now on {@link #check} throws. */
    void cancel(RefusedException why) {
        reason = why;
    }

    boolean isCancelled() {
        return reason != null;
    }

    /** @throws RefusedException where nobody waits for the answer any more, or its time is over */
    public void check() {
        RefusedException why = reason;
        if (why != null) {
            throw why;
        }
    }
}
