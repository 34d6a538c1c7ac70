package dev.phasor.web.job;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.compute.MeteredInputStream;
import dev.phasor.job.Answers;
import dev.phasor.job.Job;
import dev.phasor.job.Jobs;
import dev.phasor.job.KeptRequest;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Parameters;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.web.connection.Client;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Makes a job of a request to an operation that has {@code Prefer: respond-async} (RFC 7240): its body is kept, and the
 * answer is 202 with the job's path. Where jobs are switched off the preference is passed over.
 */
final class JobSubmission implements HandlerInterceptor {

    private static final String PREFER = "Prefer";
    private static final String APPLIED = "Preference-Applied";
    private static final String ASYNC = "respond-async";
    private static final String KEY = "Idempotency-Key";

    private static final Pattern KEY_RULE = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private static final int LONGEST_QUERY = 16_384;

    private final Jobs jobs;
    private final Answers answers;
    private final long mostBytes;
    private final Maxima maxima;
    private final JobDocuments documents;

    JobSubmission(Jobs jobs, Answers answers, long mostBytes, Maxima maxima, JobDocuments documents) {
        this.jobs = jobs;
        this.answers = answers;
        this.mostBytes = mostBytes;
        this.maxima = maxima;
        this.documents = documents;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws Exception {
        Optional<Endpoint> endpoint = endpoint(request);
        if (endpoint.isEmpty() || !jobs.isEnabled() || !prefersAsync(request)) {
            return true;
        }
        answers.checkType(request.getContentType());
        Job job = jobs.submit(new Jobs.Sent(
                Owner.of(request),
                Client.nameOf(request),
                key(request),
                kept(endpoint.get(), request),
                MeteredInputStream.limited(request.getInputStream(), mostBytes, "phasor.jobs.max-upload")));
        response.setStatus(HttpStatus.ACCEPTED.value());
        response.setHeader(HttpHeaders.LOCATION, JobDocuments.path(request, job.id()));
        response.setHeader(APPLIED, ASYNC);
        documents.write(job, request, response);
        return false;
    }

    /** The operation that a request is for; empty for other paths and methods. */
    private static Optional<Endpoint> endpoint(HttpServletRequest request) {
        if (!request.getMethod().equals("POST")) {
            return Optional.empty();
        }
        String name = request.getServletPath().replaceFirst("^/v1/", "").replace('/', '_');
        return Arrays.stream(Endpoint.values())
                .filter(endpoint -> endpoint.wireName().equals(name))
                .findFirst();
    }

    private static boolean prefersAsync(HttpServletRequest request) {
        return Collections.list(request.getHeaders(PREFER)).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(preference -> preference.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .anyMatch(ASYNC::equals);
    }

    private static @Nullable String key(HttpServletRequest request) {
        @Nullable String key = request.getHeader(KEY);
        if (key != null && !KEY_RULE.matcher(key).matches()) {
            throw badParameter(KEY, "1 to 255 visible ASCII characters", key);
        }
        return key;
    }

    /** What the parameters of the URL say wrong is refused here, not by a job that fails. */
    private KeptRequest kept(Endpoint endpoint, HttpServletRequest request) {
        if (request.getContentLengthLong() > mostBytes) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    "the body of a job must be at most " + mostBytes + " bytes (phasor.jobs.max-upload), got "
                            + request.getContentLengthLong());
        }
        Map<String, String> single = new LinkedHashMap<>();
        StringBuilder query = new StringBuilder();
        request.getParameterMap().forEach((name, values) -> {
            for (String value : values) {
                single.put(name, value);
                query.append(query.isEmpty() ? "" : "&")
                        .append(encoded(name))
                        .append('=')
                        .append(encoded(value));
            }
        });
        if (query.length() > LONGEST_QUERY) {
            throw new InvalidInputException(
                    Code.TOO_LARGE, "the parameters of a job must be at most " + LONGEST_QUERY + " characters");
        }
        Parameters.check(endpoint, single, maxima);
        return new KeptRequest(
                endpoint.wireName(),
                query.toString(),
                header(request, HttpHeaders.CONTENT_TYPE, 1024),
                header(request, HttpHeaders.CONTENT_ENCODING, 255),
                header(request, HttpHeaders.ACCEPT, 4096));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static @Nullable String header(HttpServletRequest request, String name, int most) {
        List<String> values = Collections.list(request.getHeaders(name));
        String joined = String.join(", ", values);
        if (joined.length() > most) {
            throw badParameter(name, "at most " + most + " characters", joined.length());
        }
        return values.isEmpty() ? null : joined;
    }
}
