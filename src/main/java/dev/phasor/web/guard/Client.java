package dev.phasor.web.guard;

import jakarta.servlet.ServletRequest;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.jspecify.annotations.Nullable;

/** Who waits for an answer, as far as the connection tells. Used by the request's own thread. */
public final class Client {

    private static final String ATTRIBUTE = Client.class.getName();

    private final Request connection;

    private Client(Request connection) {
        this.connection = connection;
    }

    /** That of a request which passed {@link ClientValve}. */
    public static Client of(ServletRequest request) {
        @Nullable Object client = request.getAttribute(ATTRIBUTE);
        if (client instanceof Client known) {
            return known;
        }
        throw new IllegalStateException("the request did not pass the valve");
    }

    static void remember(org.apache.catalina.connector.Request request) {
        request.setAttribute(ATTRIBUTE, new Client(request.getCoyoteRequest()));
    }

    /**
     * Whether the connection has ended, or the client's half of it, which few close who still wait for an answer. It cannot be
     * told before the body is read to its end.
     */
    public boolean gone() {
        AtomicBoolean bodyRead = new AtomicBoolean();
        connection.action(ActionCode.REQUEST_BODY_FULLY_READ, bodyRead);
        // The connection's end says that something is there, the exception to come, and leaves nothing in the buffer,
        // where a next
        // request stands that was sent beforehand.
        return bodyRead.get() && available(false) == 0 && available(true) > 0 && available(false) == 0;
    }

    /** @param read from the connection, if it has something and the buffer has not */
    private int available(boolean read) {
        connection.action(ActionCode.AVAILABLE, read);
        return connection.getAvailable();
    }
}
