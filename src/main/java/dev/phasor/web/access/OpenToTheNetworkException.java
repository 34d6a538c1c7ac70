package dev.phasor.web.access;

/** The service would stand open: bound to more than loopback, without a key, and nobody said that it may. */
final class OpenToTheNetworkException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OpenToTheNetworkException(String message) {
        super(message);
    }
}
