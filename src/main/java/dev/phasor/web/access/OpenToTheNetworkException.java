package dev.phasor.web.access;

/** Thrown if the service has no key, is not bound to loopback, and {@code phasor.security.open} is false. */
final class OpenToTheNetworkException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OpenToTheNetworkException(String message) {
        super(message);
    }
}
