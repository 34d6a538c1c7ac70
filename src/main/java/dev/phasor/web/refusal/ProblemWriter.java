package dev.phasor.web.refusal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.ObjectMapper;

/** Writes the response to a refused request in the format of the API that it was sent to. */
public final class ProblemWriter {

    /**
     * The longest detail in characters: a rule, the names that it lists, and the value sent. A longer detail is cut.
     */
    private static final int LONGEST_DETAIL = 1000;

    private final ObjectMapper mapper;
    private final MeterRegistry registry;

    ProblemWriter(ObjectMapper mapper, MeterRegistry registry) {
        this.mapper = mapper;
        this.registry = registry;
    }

    public void write(HttpServletRequest request, HttpServletResponse response, ProblemCode code, String detail)
            throws IOException {
        write(request.getServletPath(), response, code, detail);
    }

    /**
     * @param path the request's path without a prefix: under {@code /v2} the response is {@code {"error": detail}},
     *     elsewhere RFC 9457
     */
    void write(String path, HttpServletResponse response, ProblemCode code, String detail) throws IOException {
        response.setStatus(code.status().value());
        if (path.equals("/v2") || path.startsWith("/v2/")) {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            mapper.writeValue(response.getOutputStream(), Map.of("error", bounded(detail)));
            count(code);
        } else {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            mapper.writeValue(response.getOutputStream(), problem(code, detail));
        }
    }

    /** Creates a problem with its code and the request's id, and counts it. */
    ProblemDetail problem(ProblemCode code, @Nullable String detail) {
        count(code);
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(code.status(), detail == null ? null : bounded(detail));
        problem.setProperty("code", code.wireName());
        String id = RequestId.current();
        if (id != null) {
            problem.setProperty(RequestId.KEY, id);
        }
        return problem;
    }

    /**
     * Cuts a detail to its longest length and removes characters that JSON cannot hold: a detail may quote the request.
     */
    public static String bounded(String detail) {
        String start = detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL - 3) + "..." : detail;
        // Half a surrogate pair, which UTF-8 cannot encode, becomes a question mark.
        return new String(start.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** Counts a refused request. */
    public void count(ProblemCode code) {
        Counter.builder("phasor.problems")
                .description("Requests refused")
                .tag("code", code.wireName())
                .register(registry)
                .increment();
    }
}
