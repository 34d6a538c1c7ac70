package dev.phasor.web.guard;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.http11.AbstractHttp11Protocol;

/** Keeps each request's {@link Client} with it, what the servlet API hides, and gives up bodies that come too slowly. */
final class ClientValve extends ValveBase {

    private final Limits limits;

    ClientValve(Limits limits) {
        super(true);
        this.limits = limits;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        Client.remember(request);
        PacedBody body = new PacedBody(request.getCoyoteRequest(), limits);
        try {
            getNext().invoke(request, response);
            if (!request.isAsync()) {
                finish(request, response, body);
            }
        } finally {
            body.leave();
        }
    }

    /** Bytes that the head promises; where they are no number, or two, the container has refused the request and sends it away. */
    private static long left(Request request, PacedBody body) {
        try {
            return request.getContentLengthLong() - body.received();
        } catch (IllegalArgumentException e) {
            return Long.MAX_VALUE;
        }
    }

    /** The container would read the rest as well, but wait for it as long as it takes. */
    private void finish(Request request, Response response, PacedBody body) throws IOException {
        long most = request.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> http
                ? http.getMaxSwallowSize()
                : 0;
        boolean refusedBeforeSent = request.getCoyoteRequest().hasExpectation() && response.getStatus() >= 300;
        if (refusedBeforeSent || left(request, body) > most) {
            return; // it closes the connection
        }
        response.finishResponse();
        try {
            if (body.drain(most)) {
                return;
            }
        } catch (IOException e) {
            container.getLogger().debug("the rest of a body cannot be read", e);
        }
        response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
    }
}
