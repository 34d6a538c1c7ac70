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

/** Enforces the rate and quota of each key. Beyond either the response is 429 with {@code Retry-After}. */
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
        charge.attachTo(request); // a refusal is counted for its key too
        long announced = request.getContentLengthLong();
        try {
            // The announced length is taken at once, so that concurrent uploads cannot share one remainder.
            charge.begin(Math.max(1, announced));
        } catch (OverQuotaException e) {
            e.answer(request, response, problems);
            return;
        }
        chain.doFilter(
                announced < 0 ? new ChargedRequest(request, charge) : request, new ChargedResponse(response, charge));
    }
}
