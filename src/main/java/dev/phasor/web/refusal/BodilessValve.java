package dev.phasor.web.refusal;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.http.HttpHeaders;

/** Refuses a request with a body before the body is read; the connection is closed. */
final class BodilessValve extends ValveBase {

    private final ProblemWriter problems;

    BodilessValve(ProblemWriter problems) {
        super(true);
        this.problems = problems;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            problems.write(
                    request.getRequestURI(),
                    response,
                    ProblemCode.TOO_LARGE,
                    "a request to this port must have no body, and this one announces one");
        } else {
            getNext().invoke(request, response);
        }
    }
}
