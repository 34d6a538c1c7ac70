package dev.phasor.web.access;

import dev.phasor.web.guard.ProblemCode;
import dev.phasor.web.guard.ProblemWriter;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Holds each key to its rate and its quota: 429 with {@code Retry-After} past either. */
final class QuotaFilter extends OncePerRequestFilter {

    private static final long NANOS_PER_DAY = TimeUnit.DAYS.toNanos(1);

    private final AccessSettings settings;
    private final ProblemWriter problems;

    QuotaFilter(AccessSettings settings, ProblemWriter problems) {
        this.settings = settings;
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
        ConsumptionProbe rate = key.takeRequest();
        if (!rate.isConsumed()) {
            refuse(
                    request,
                    response,
                    ProblemCode.TOO_MANY_REQUESTS,
                    "key " + key.getName() + " may make " + settings.requestsPerMinute() + " requests a minute",
                    rate);
            return;
        }
        // What is announced is taken at once, so that many uploads together do not pass on one remainder.
        long announced = Math.max(1, request.getContentLengthLong());
        ConsumptionProbe quota = key.takeBytes(announced);
        if (!quota.isConsumed()) {
            refuse(
                    request,
                    response,
                    ProblemCode.QUOTA_EXCEEDED,
                    "key " + key.getName() + " may send and receive "
                            + settings.bytesPerDay().toBytes() + " bytes a day, has "
                            + Math.max(0, key.bytesLeft()) + " left, and the request has " + announced,
                    quota);
            return;
        }
        new Charge(key, announced).attachTo(request);
        chain.doFilter(request, response);
    }

    private void refuse(
            HttpServletRequest request,
            HttpServletResponse response,
            ProblemCode code,
            String detail,
            ConsumptionProbe probe)
            throws IOException {
        long nanos = Math.min(probe.getNanosToWaitForRefill(), NANOS_PER_DAY);
        response.setHeader(
                HttpHeaders.RETRY_AFTER,
                String.valueOf(Math.max(1, -Math.floorDiv(-nanos, TimeUnit.SECONDS.toNanos(1)))));
        problems.write(request, response, code, detail);
    }
}
