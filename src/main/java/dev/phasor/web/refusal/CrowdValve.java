package dev.phasor.web.refusal;

import dev.phasor.web.connection.Client;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.http.HttpHeaders;

/** Refuses a request whose address already holds its share of the threads ({@link Client#isCrowdedOut}). */
final class CrowdValve extends ValveBase {

    private final ProblemWriter problems;

    CrowdValve(ProblemWriter problems) {
        super(true);
        this.problems = problems;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (!Client.of(request).isCrowdedOut()) {
            getNext().invoke(request, response);
            return;
        }
        response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        response.setHeader(HttpHeaders.CONNECTION, "close");
        problems.write(
                request,
                response,
                ProblemCode.BUSY,
                "as many requests of one address are answered at once as may be (phasor.client.request-share)");
    }
}
