package dev.phasor.web.guard;

/** The request is fine, but what it needs is taken now: 503 with {@code Retry-After}. */
public final class BusyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BusyException(String message) {
        super(message);
    }
}
