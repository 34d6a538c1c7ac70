package dev.phasor.web.access;

import dev.phasor.web.refusal.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Holds each key to its rate and its quota: 429 with {@code Retry-After} past either. */
final class QuotaFilter extends OncePerRequestFilter {

    private final ProblemWriter problems;

    QuotaFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        if (caller == null || !(caller.getPrincipal() instanceof ApiKey key)) {
            chain.doFilter(request, response);
            return;
        }
        Charge charge = new Charge(key);
        long announced = request.getContentLengthLong();
        try {
            key.takeRequest();
            // What is announced is taken at once, so that many uploads together do not pass on one remainder.
            charge.take(Math.max(1, announced));
        } catch (OverQuotaException e) {
            e.answer(request, response, problems);
            return;
        }
        charge.attachTo(request);
        chain.doFilter(announced < 0 ? new ChargedRequest(request, charge) : request, response);
    }
}
