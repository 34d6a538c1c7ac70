package dev.phasor.web.guard;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/** Keeps each request's {@link Client} with it: what the servlet API hides. */
final class ClientValve extends ValveBase {

    ClientValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        Client.remember(request);
        getNext().invoke(request, response);
    }
}
