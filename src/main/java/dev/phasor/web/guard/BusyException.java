package dev.phasor.web.guard;

/** The request is fine, but what it needs is taken now: 503 with {@code Retry-After}. */
public final class BusyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;

    public BusyException(String message) {
        this(ProblemCode.BUSY, message);
    }

    private BusyException(ProblemCode code, String message) {
        super(message);
        this.code = code;
    }

    /** It waited and was computed for as long as it may. */
    static BusyException timeout(double seconds) {
        return new BusyException(
                ProblemCode.TIMEOUT,
                "the answer was not there after " + seconds + " seconds (timeout, phasor.compute.timeout)");
    }

    /** The disk does not take what has to wait on it; the service's log says why. */
    static BusyException storage() {
        return new BusyException(
                ProblemCode.STORAGE_FAILED,
                "the service cannot keep the answer until it is whole: its disk is full or fails; its log says which");
    }

    public ProblemCode code() {
        return code;
    }
}
