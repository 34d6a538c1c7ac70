package dev.phasor.web.job;

import dev.phasor.job.RefusedJobException;
import dev.phasor.web.refusal.ProblemCode;
import dev.phasor.web.refusal.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Says in the terms of HTTP why a job is not made. */
@RestControllerAdvice
@Order(0)
class RefusedJobs {

    /** Seconds after which a client that holds all it may should ask again. */
    private static final String LATER = "10";

    private final ProblemWriter problems;

    RefusedJobs(ProblemWriter problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    void refused(RefusedJobException e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (e.code() == RefusedJobException.Code.TOO_MANY_REQUESTS) {
            response.setHeader(HttpHeaders.RETRY_AFTER, LATER);
        }
        problems.write(request, response, ProblemCode.valueOf(e.code().name()), String.valueOf(e.getMessage()));
    }
}
