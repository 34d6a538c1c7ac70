package dev.phasor.compute;

/** The client has closed the connection. A client that closed only its sending half still receives this error. */
public final class ClientGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClientGoneException() {
        super("the connection must stay open both ways until the answer is there, got its end from the client");
    }
}
