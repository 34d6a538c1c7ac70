package dev.phasor.web.model;

/** Thrown for a request to an unknown model or version. */
public final class UnknownModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownModelException(String message) {
        super(message);
    }
}
