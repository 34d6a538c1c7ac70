package dev.phasor.job;

/** A job cannot be had, or made, because of its client. */
public final class RefusedJobException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The reasons, with stable names that clients see. */
    public enum Code {
        /** The client holds as much as one may. */
        TOO_MANY_REQUESTS,
        /** Another request had the same idempotency key. */
        IDEMPOTENCY_KEY_REUSED
    }

    private final Code code;

    RefusedJobException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
