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

    private final Code code;

    public BusyException(String message) {
        this(Code.BUSY, message);
    }

    private BusyException(Code code, String message) {
        super(message);
        this.code = code;
    }

    /** The request was not answered within its timeout. */
    static BusyException timeout(double seconds) {
        return new BusyException(
                Code.TIMEOUT,
                "the answer was not there after " + seconds + " seconds (timeout, phasor.compute.timeout)");
    }

    /** The disk cannot store an answer until it is complete; the service's log has the reason. */
    static BusyException storage() {
        return new BusyException(
                Code.STORAGE_FAILED,
                "the service cannot keep what waits there: its disk is full or fails; its log says which");
    }

    /** The program that decodes was ended from outside; what it worked on may be right. */
    public static BusyException decoder(String message) {
        return new BusyException(Code.DECODER_FAILED, message);
    }

    public Code code() {
        return code;
    }
}
