package dev.phasor.web.refusal;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Writes a problem for a request that Tomcat or a filter refused before a controller was found. */
@RestController
class ErrorsController implements ErrorController {

    private final ProblemWriter problems;

    ErrorsController(ProblemWriter problems) {
        this.problems = problems;
    }

    @RequestMapping("/error")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        @Nullable Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        @Nullable Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        ProblemCode code = ProblemCode.ofContainer(status instanceof Integer known ? known : 404);
        String detail = switch (code) {
            case INTERNAL -> "the service failed; its log says why";
            case NOT_FOUND -> Problems.nothingAt(String.valueOf(path == null ? request.getRequestURI() : path));
            case METHOD_NOT_ALLOWED ->
                "the method must be GET or POST, got " + request.getAttribute(RequestDispatcher.ERROR_METHOD);
            case SLOW_BODY ->
                "the body must come without long pauses: phasor.limits.body-wait, body-rate and"
                        + " server.tomcat.connection-timeout say how long it is waited for";
            default -> "the request cannot be understood: its path, headers, length or chunks are malformed";
        };
        String within = String.valueOf(path);
        String context = request.getServletContext().getContextPath();
        problems.write(
                within.startsWith(context) ? within.substring(context.length()) : within, response, code, detail);
    }
}
