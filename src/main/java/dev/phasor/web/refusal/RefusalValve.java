package dev.phasor.web.refusal;

import dev.phasor.compute.OutOfMemory;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;

/** Writes a problem for a request that Tomcat refused before any filter saw it. Tomcat's own report is an HTML page. */
final class RefusalValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(RefusalValve.class);

    private final ProblemWriter problems;

    RefusalValve(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        OutOfMemory.endIfBehind(failure);
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemCode code = ProblemCode.ofContainer(status);
        if (code == ProblemCode.BUSY) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        try {
            problems.write(String.valueOf(request.getRequestURI()), response, code, detail(status));
            response.finishResponse();
        } catch (IOException e) {
            log.debug("nobody reads why a request was refused", e);
        }
    }

    private static String detail(int status) {
        return switch (status) {
            case 404 -> "there is nothing at this address";
            case 417 -> "Expect must be 100-continue";
            case 500 -> "the service failed; its log says why";
            case 501 -> "the method or the Transfer-Encoding is one that this service does not have";
            case 503 -> "the service is starting or stopping";
            case 505 -> "the version must be HTTP/1.0 or HTTP/1.1";
            default ->
                "the request's line and headers must be well formed and together at most"
                        + " server.max-http-request-header-size";
        };
    }
}
