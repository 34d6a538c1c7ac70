package dev.phasor.compute;

/**
 * Nobody waits for the answer any more: only who closed no more than the sending half of the connection is there to be
 * told.
 */
public final class ClientGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClientGoneException() {
        super("the connection must stay open both ways until the answer is there, got its end from the client");
    }
}
