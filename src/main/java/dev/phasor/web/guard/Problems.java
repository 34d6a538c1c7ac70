package dev.phasor.web.guard;

import dev.phasor.signal.InvalidInputException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Everything that can go wrong, as {@code application/problem+json} (RFC 9457) with a stable {@code code}. */
@RestControllerAdvice
class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    private final Limits limits;

    Problems(Limits limits) {
        this.limits = limits;
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(InvalidInputException e) {
        return problem(statusOf(e.code()), e.code().name().toLowerCase(Locale.ROOT), e.getMessage());
    }

    /** 413 for what is too much, 422 for what is well formed but cannot be computed, 400 for the rest. */
    private static HttpStatus statusOf(InvalidInputException.Code code) {
        return switch (code) {
            case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
            case NON_FINITE_INPUT, NEGATIVE_MAGNITUDE, NOLA, SHAPE_MISMATCH, ANOMALY ->
                HttpStatus.UNPROCESSABLE_CONTENT;
            case BAD_PARAMETER, MALFORMED_WAV, MALFORMED_FLAC, MALFORMED_NPY, MALFORMED_NPZ, MALFORMED_JSON ->
                HttpStatus.BAD_REQUEST;
        };
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> busy(BusyException e) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "1")
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(detail(HttpStatus.SERVICE_UNAVAILABLE, "busy", e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unsupported(HttpMediaTypeNotSupportedException e) {
        return problem(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> notAcceptable(HttpMediaTypeNotAcceptableException e) {
        return problem(HttpStatus.NOT_ACCEPTABLE, "not_acceptable", e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> method(HttpRequestMethodNotSupportedException e) {
        return ResponseEntity.status(HttpStatus.METHOD_NOT_ALLOWED)
                .headers(e.getHeaders())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(detail(HttpStatus.METHOD_NOT_ALLOWED, "method_not_allowed", e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> notFound(NoResourceFoundException e, HttpServletRequest request) {
        return problem(HttpStatus.NOT_FOUND, "not_found", "there is nothing at " + request.getRequestURI());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooLarge(MaxUploadSizeExceededException e) {
        return problem(
                HttpStatus.CONTENT_TOO_LARGE,
                "too_large",
                "the request body must be at most " + limits.maxUpload().toBytes()
                        + " bytes (phasor.limits.max-upload)");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> multipart(MultipartException e) {
        return problem(HttpStatus.BAD_REQUEST, "malformed_multipart", "the multipart body cannot be read");
    }

    /** A client that went away: there is nobody to answer. */
    @ExceptionHandler
    void gone(ClientAbortException e) {
        log.debug("client went away: {}", e.getMessage());
    }

    /** The body ended before its Content-Length, or its chunks cannot be read. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> body(IOException e) {
        log.debug("the request body cannot be read", e);
        return problem(HttpStatus.BAD_REQUEST, "malformed_body", "the request body cannot be read to its end");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> other(Exception e) {
        if (e instanceof ErrorResponse response && response.getStatusCode().is4xxClientError()) {
            return problem(
                    response.getStatusCode(), "bad_request", response.getBody().getDetail());
        }
        log.error("a request failed", e);
        return problem(HttpStatus.INTERNAL_SERVER_ERROR, "internal", "the service failed; its log says why");
    }

    private static ResponseEntity<ProblemDetail> problem(HttpStatusCode status, String code, @Nullable String detail) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(detail(status, code, detail));
    }

    private static ProblemDetail detail(HttpStatusCode status, String code, @Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatus(status);
        problem.setDetail(detail);
        problem.setProperty("code", code);
        return problem;
    }
}
