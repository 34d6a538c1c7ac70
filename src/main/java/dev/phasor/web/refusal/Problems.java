package dev.phasor.web.refusal;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.ClientGoneException;
import dev.phasor.compute.OutOfMemory;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.connection.Client;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConversionException;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns exceptions into {@code application/problem+json} (RFC 9457) with a stable {@code code}. */
@RestControllerAdvice
class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    private final ProblemWriter problems;

    Problems(ProblemWriter problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(InvalidInputException e) {
        return problem(ProblemCode.of(e.code()), e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> busy(BusyException e) {
        ProblemCode code = ProblemCode.of(e.code());
        return ResponseEntity.status(code.status())
                .header(HttpHeaders.RETRY_AFTER, "1")
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problems.problem(code, e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> gone(ClientGoneException e) {
        return problem(ProblemCode.CLIENT_CLOSED, e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unsupported(HttpMediaTypeNotSupportedException e) {
        return problem(ProblemCode.UNSUPPORTED_MEDIA_TYPE, e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> notAcceptable(HttpMediaTypeNotAcceptableException e) {
        return problem(ProblemCode.NOT_ACCEPTABLE, e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> method(HttpRequestMethodNotSupportedException e) {
        return ResponseEntity.status(ProblemCode.METHOD_NOT_ALLOWED.status())
                .headers(e.getHeaders())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problems.problem(
                        ProblemCode.METHOD_NOT_ALLOWED,
                        "the method must be " + e.getHeaders().getFirst(HttpHeaders.ALLOW) + ", got " + e.getMethod()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> notFound(NoResourceFoundException e, HttpServletRequest request) {
        return problem(ProblemCode.NOT_FOUND, "there is nothing at " + request.getRequestURI());
    }

    /** The query cannot be parsed. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> parameters(InvalidParameterException e) {
        return problem(
                ProblemCode.BAD_PARAMETER,
                "the parameters must be at most 1000, in UTF-8, with a % only before two hexadecimal digits");
    }

    /** The body is not a form, or it ends before its last boundary. */
    @ExceptionHandler({FileUploadException.class, MultipartStream.MalformedStreamException.class})
    ResponseEntity<ProblemDetail> multipart(IOException e) {
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
    ResponseEntity<ProblemDetail> body(IOException e, HttpServletRequest request, HttpServletResponse response) {
        if (isLost(e, request, response)) {
            return null;
        }
        log.debug("the request body cannot be read", e);
        return problem(ProblemCode.MALFORMED_BODY, "the request body cannot be read to its end");
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
    ResponseEntity<ProblemDetail> mediaType(InvalidMimeTypeException e) {
        return problem(
                ProblemCode.BAD_REQUEST,
                "Accept and Content-Type must hold media types, got '" + e.getMimeType() + "'");
    }

    /** Spring's own endpoints, such as health, received a body that they cannot read. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(HttpMessageConversionException e) {
        return problem(ProblemCode.BAD_REQUEST, "the request must have no body, or one that can be read");
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<ProblemDetail> other(Exception e, HttpServletRequest request, HttpServletResponse response) {
        OutOfMemory.endIfBehind(e);
        if (isLost(e, request, response)) {
            return null;
        }
        if (e instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            return problem(ProblemCode.BAD_REQUEST, known.getBody().getDetail());
        }
        log.error("a request failed", e);
        return problem(ProblemCode.INTERNAL, "the service failed; its log says why");
    }

    private ResponseEntity<ProblemDetail> problem(ProblemCode code, @Nullable String detail) {
        return ResponseEntity.status(code.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problems.problem(code, detail));
    }
}
