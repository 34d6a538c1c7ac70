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

    public ProblemCode code() {
        return code;
    }
}
