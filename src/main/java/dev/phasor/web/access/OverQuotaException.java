package dev.phasor.web.access;

import dev.phasor.web.refusal.ProblemCode;
import dev.phasor.web.refusal.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;

/** Thrown if a key exceeds its rate or quota. The response is 429 with {@code Retry-After}. */
public final class OverQuotaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final long NANOS_PER_DAY = TimeUnit.DAYS.toNanos(1);

    private final ProblemCode code;
    private final long nanos;

    /** @param nanos nanoseconds until enough is refilled */
    OverQuotaException(ProblemCode code, String detail, long nanos) {
        super(detail);
        this.code = code;
        this.nanos = Math.min(nanos, NANOS_PER_DAY);
    }

    public ProblemCode code() {
        return code;
    }

    /** After how many seconds enough is refilled. */
    public long retryAfter() {
        return Math.max(1, -Math.floorDiv(-nanos, TimeUnit.SECONDS.toNanos(1)));
    }

    void answer(HttpServletRequest request, HttpServletResponse response, ProblemWriter problems) throws IOException {
        response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfter()));
        problems.write(request, response, code, String.valueOf(getMessage()));
    }
}
