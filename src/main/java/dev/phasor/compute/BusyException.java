package dev.phasor.compute;

/** The request is fine, but what it needs is taken now: a later try may succeed. */
public final class BusyException extends RuntimeException {

    /** What is missing, as a client sees it; the names are stable. */
    public enum Code {
        BUSY,
        TIMEOUT,
        STORAGE_FAILED
    }

    private static final long serialVersionUID = 1L;

    private final Code code;

    public BusyException(String message) {
        this(Code.BUSY, message);
    }

    private BusyException(Code code, String message) {
        super(message);
        this.code = code;
    }

    /** It waited and was computed for as long as it may. */
    static BusyException timeout(double seconds) {
        return new BusyException(
                Code.TIMEOUT,
                "the answer was not there after " + seconds + " seconds (timeout, phasor.compute.timeout)");
    }

    /** The disk does not take what has to wait on it; the service's log says why. */
    static BusyException storage() {
        return new BusyException(
                Code.STORAGE_FAILED,
                "the service cannot keep the answer until it is whole: its disk is full or fails; its log says which");
    }

    public Code code() {
        return code;
    }
}
