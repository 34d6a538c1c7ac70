package dev.phasor.web.refusal;

import static java.util.Objects.requireNonNull;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.ClientGoneException;
import dev.phasor.compute.OutOfMemory;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.connection.Client;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.zip.ZipException;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.apache.tomcat.util.http.fileupload.FileUploadBase;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.MultipartStream;
import org.apache.tomcat.util.http.fileupload.impl.SizeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConversionException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns exceptions into {@code application/problem+json} (RFC 9457) with a stable {@code code}. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    private final ProblemWriter problems;

    Problems(ProblemWriter problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    ResponseEntity<Object> invalid(InvalidInputException e) {
        return problem(ProblemCode.of(e.code()), e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> busy(BusyException e) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(e.retryAfter()));
        return problem(ProblemCode.of(e.code()), headers, e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> gone(ClientGoneException e) {
        return problem(ProblemCode.CLIENT_CLOSED, e.getMessage());
    }

    /** Spring refused the request itself, or failed. */
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest web) {
        HttpServletRequest request = ((ServletWebRequest) web).getRequest();
        if (status.is5xxServerError()) {
            return other(e, request, requireNonNull(((ServletWebRequest) web).getResponse()));
        }
        ProblemCode code = ProblemCode.ofContainer(status.value());
        return problem(
                code,
                headers,
                switch (code) {
                    case METHOD_NOT_ALLOWED ->
                        "the method must be " + headers.getFirst(HttpHeaders.ALLOW) + ", got " + request.getMethod();
                    case NOT_FOUND -> nothingAt(request.getRequestURI());
                    case NOT_ACCEPTABLE, UNSUPPORTED_MEDIA_TYPE -> e.getMessage();
                    default ->
                        e instanceof ErrorResponse known
                                ? known.getBody().getDetail()
                                : "the request must have no body, or one that can be read";
                });
    }

    static String nothingAt(String path) {
        return "there is nothing at " + path + "; paths begin with /v1 or /v2, and /v3/api-docs lists them";
    }

    /** The query cannot be parsed. */
    @ExceptionHandler
    ResponseEntity<Object> parameters(InvalidParameterException e) {
        return problem(
                ProblemCode.BAD_PARAMETER,
                "the parameters must be at most 1000, in UTF-8, with a % only before two hexadecimal digits");
    }

    /** The body is not a form, or it ends before its last boundary. */
    @ExceptionHandler({FileUploadException.class, MultipartStream.MalformedStreamException.class})
    ResponseEntity<Object> multipart(IOException e) {
        if (e instanceof SizeException) {
            return problem(
                    ProblemCode.TOO_LARGE,
                    "the headers of a part must be at most " + FileUploadBase.DEFAULT_PART_HEADER_SIZE_MAX + " bytes");
        }
        return problem(ProblemCode.MALFORMED_MULTIPART, "the multipart body cannot be read: " + e.getMessage());
    }

    /** The client has disconnected, so no response is written. */
    @ExceptionHandler
    void gone(ClientAbortException e) {
        log.debug("client went away: {}", e.getMessage());
    }

    /** The body ended before its Content-Length, or its chunks cannot be read. */
    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> body(IOException e, HttpServletRequest request, HttpServletResponse response) {
        if (isLost(e, request, response)) {
            return null;
        }
        log.debug("the request body cannot be read", e);
        return problem(
                ProblemCode.MALFORMED_BODY,
                "the request body cannot be read to its end"
                        + (e instanceof ZipException ? ": it must be in the coding that Content-Encoding names" : ""));
    }

    /** Whether the response was cut; the request log gives the reason. */
    private static boolean isLost(Exception e, HttpServletRequest request, HttpServletResponse response) {
        boolean lost = Client.lossOf(request, response) != null;
        if (lost) {
            log.debug("client went away: {}", e.getMessage());
        }
        return lost;
    }

    /** Spring's own endpoints, such as health, read a media type that is none. */
    @ExceptionHandler
    ResponseEntity<Object> mediaType(InvalidMimeTypeException e) {
        return problem(
                ProblemCode.BAD_REQUEST,
                "Accept and Content-Type must hold media types, got '" + e.getMimeType() + "'");
    }

    /** A media type with a wildcard, which Spring meets before any handler of ours; else the service failed. */
    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> argument(
            IllegalArgumentException e, HttpServletRequest request, HttpServletResponse response) {
        String type = request.getContentType();
        if (type != null && type.replaceFirst(";.*", "").contains("*")) {
            return problem(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type must name one media type, got '" + type + "'");
        }
        return other(e, request, response);
    }

    /** A parameter's name that nothing can be called. */
    @ExceptionHandler
    ResponseEntity<Object> rejected(RequestRejectedException e) {
        return problem(
                ProblemCode.BAD_PARAMETER,
                "the names of parameters must be printable characters; docs/api.md lists those that there are");
    }

    /** Spring's own endpoints, such as health, received a body that they cannot read. */
    @ExceptionHandler
    ResponseEntity<Object> unreadable(HttpMessageConversionException e) {
        return problem(ProblemCode.BAD_REQUEST, "the request must have no body, or one that can be read");
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> other(Exception e, HttpServletRequest request, HttpServletResponse response) {
        OutOfMemory.endIfBehind(e);
        if (isLost(e, request, response)) {
            return null;
        }
        log.error("a request failed", e);
        return problem(ProblemCode.INTERNAL, "the service failed; its log says why");
    }

    private ResponseEntity<Object> problem(ProblemCode code, @Nullable String detail) {
        return problem(code, HttpHeaders.EMPTY, detail);
    }

    private ResponseEntity<Object> problem(ProblemCode code, HttpHeaders headers, @Nullable String detail) {
        return ResponseEntity.status(code.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problems.problem(code, detail));
    }
}
