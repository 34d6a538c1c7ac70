package dev.phasor.web.guard.load;

import jakarta.servlet.http.HttpServletRequest;

/** The connection that a request came by. */
@FunctionalInterface
public interface ClientConnection {

    /** Whether the client still waits at its end. Does not block; only for the thread that serves the request. */
    boolean isOpen();

    /** That of a request; one that never closes where the server does not tell. */
    static ClientConnection of(HttpServletRequest request) {
        return request.getAttribute(ClientConnection.class.getName()) instanceof ClientConnection connection
                ? connection
                : () -> true;
    }
}
