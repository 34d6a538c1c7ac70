package dev.phasor.job;

/** An attempt at a job ends without an answer. */
public final class AttemptEndedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why it ends. */
    enum Reason {
        /** The service stops; the job goes on elsewhere or later. */
        STOPPING,
        /** It gives its place to a client that has none; the job goes on later. */
        YIELDING,
        /** Another process has begun it, or it has ended. */
        LOST,
        /** Its client has cancelled it, and there is nothing to answer. */
        CANCELLED
    }

    private final Reason reason;

    AttemptEndedException(Reason reason) {
        super("the attempt has ended: " + reason);
        this.reason = reason;
    }

    /** Whether its client has ended it, so that what it has is its answer. */
    public boolean isCancelled() {
        return reason == Reason.CANCELLED;
    }

    Reason reason() {
        return reason;
    }
}
