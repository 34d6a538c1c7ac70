package dev.phasor.web.access;

import dev.phasor.web.refusal.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers requests whose quota runs out while the body arrives: 429, as in {@link QuotaFilter}. */
@Order(0)
@RestControllerAdvice
class OverQuotaProblems {

    private final ProblemWriter problems;

    OverQuotaProblems(ProblemWriter problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    void over(OverQuotaException e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        e.answer(request, response, problems);
    }
}
