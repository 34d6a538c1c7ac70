package dev.phasor.web.inference;

/** A request to a model, or to a version of one, that is not there. */
final class UnknownModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownModelException(String message) {
        super(message);
    }
}
