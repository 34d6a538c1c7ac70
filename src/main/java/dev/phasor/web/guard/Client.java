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
        // At the connection's end each look says that something is there, which is the exception to come. A next
        // request
        // that is there already is seen by the first look only.
        return bodyRead.get() && isSomethingThere() && isSomethingThere();
    }

    private boolean isSomethingThere() {
        connection.action(ActionCode.AVAILABLE, true);
        return connection.getAvailable() > 0;
    }
}
