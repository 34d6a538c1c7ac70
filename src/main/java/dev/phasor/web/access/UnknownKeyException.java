package dev.phasor.web.access;

/** Thrown for a call without a key, or with a key that is not one of the service's. */
public final class UnknownKeyException extends RuntimeException {

    static final String NOT_OURS = "the key is not one of this service's";

    static final String NONE = "a key must be given as Authorization: Bearer KEY or X-API-Key: KEY, got none";

    private static final long serialVersionUID = 1L;

    UnknownKeyException(String message) {
        super(message);
    }
}
