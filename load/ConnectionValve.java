package dev.phasor.web.guard.load;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/** Lets a request's work ask whether the client is still there: the servlet API has no such question, Tomcat has. */
final class ConnectionValve extends ValveBase {

    ConnectionValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        ClientConnection connection = new TomcatConnection(request.getCoyoteRequest());
        request.setAttribute(ClientConnection.class.getName(), connection);
        getNext().invoke(request, response);
    }

    /**
     * Reads ahead without blocking. Tomcat reports one available byte where the read fails because the client closed,
     * and so it does the next time; bytes of a next request it keeps and reports once.
     */
    private record TomcatConnection(org.apache.coyote.Request request) implements ClientConnection {

        @Override
        public boolean isOpen() {
            return !request.isFinished() || !readFails() || !readFails();
        }

        private boolean readFails() {
            request.action(ActionCode.AVAILABLE, true);
            return request.getAvailable() == 1;
        }
    }
}
