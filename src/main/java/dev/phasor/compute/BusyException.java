package dev.phasor.compute;

/** The request is valid, but a resource that it needs is not available now. A later try may succeed. */
public final class BusyException extends RuntimeException {

    /** The reasons, with stable names that clients see. */
    public enum Code {
        BUSY,
        TIMEOUT,
        STORAGE_FAILED,
        DECODER_FAILED
    }

    private static final long serialVersionUID = 1L;

    /** Seconds that a disk or a database is given to come back. */
    private static final long STORAGE_WAIT = 10;

    private final Code code;
    private final long seconds;

    public BusyException(String message) {
        this(Code.BUSY, message, 1);
    }

    private BusyException(Code code, String message, long seconds) {
        super(message);
        this.code = code;
        this.seconds = seconds;
    }

    /** @param seconds after which those that wait now will have begun, at least 1 */
    static BusyException queue(String message, long seconds) {
        return new BusyException(Code.BUSY, message + "; they will have begun in about " + seconds + " s", seconds);
    }

    /** The request was not answered within its timeout. */
    static BusyException timeout(double seconds) {
        return new BusyException(
                Code.TIMEOUT,
                "the answer was not there after " + seconds + " seconds (timeout, phasor.compute.timeout)",
                1);
    }

    /** The disk cannot store an answer until it is complete; the service's log has the reason. */
    static BusyException storage() {
        return new BusyException(
                Code.STORAGE_FAILED,
                "the service cannot keep what waits there: its disk is full or fails; its log says which",
                1);
    }

    /** A disk or a database cannot store what has to outlive the request; the message says which. */
    public static BusyException storage(String message) {
        return new BusyException(Code.STORAGE_FAILED, message, STORAGE_WAIT);
    }

    /** The program that decodes was ended from outside; what it worked on may be right. */
    public static BusyException decoder(String message) {
        return new BusyException(Code.DECODER_FAILED, message, 1);
    }

    /** After how many seconds a later try may succeed. */
    public long retryAfter() {
        return seconds;
    }

    public Code code() {
        return code;
    }
}
