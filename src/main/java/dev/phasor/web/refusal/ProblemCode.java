package dev.phasor.web.refusal;

import dev.phasor.compute.BusyException;
import dev.phasor.signal.InvalidInputException;
import java.util.Locale;
import org.springframework.http.HttpStatus;

/**
 * Every {@code code} of a problem, with its status. 413 means too large, 422 well formed but not computable, 400 any
 * other fault in the content of a request.
 */
public enum ProblemCode {
    BAD_PARAMETER(HttpStatus.BAD_REQUEST),
    MALFORMED_WAV(HttpStatus.BAD_REQUEST),
    MALFORMED_FLAC(HttpStatus.BAD_REQUEST),
    MALFORMED_AUDIO(HttpStatus.BAD_REQUEST),
    MALFORMED_NPY(HttpStatus.BAD_REQUEST),
    MALFORMED_NPZ(HttpStatus.BAD_REQUEST),
    MALFORMED_JSON(HttpStatus.BAD_REQUEST),
    MALFORMED_MULTIPART(HttpStatus.BAD_REQUEST),
    MALFORMED_BODY(HttpStatus.BAD_REQUEST),
    CLIENT_CLOSED(HttpStatus.BAD_REQUEST),
    BAD_REQUEST(HttpStatus.BAD_REQUEST),
    UNAUTHORIZED(HttpStatus.UNAUTHORIZED),
    FORBIDDEN(HttpStatus.FORBIDDEN),
    NOT_FOUND(HttpStatus.NOT_FOUND),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE),
    SLOW_BODY(HttpStatus.REQUEST_TIMEOUT),
    NOT_FINISHED(HttpStatus.CONFLICT),
    CANCELLED(HttpStatus.GONE),
    TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE),
    NON_FINITE_INPUT(HttpStatus.UNPROCESSABLE_CONTENT),
    NEGATIVE_MAGNITUDE(HttpStatus.UNPROCESSABLE_CONTENT),
    NOLA(HttpStatus.UNPROCESSABLE_CONTENT),
    SHAPE_MISMATCH(HttpStatus.UNPROCESSABLE_CONTENT),
    ANOMALY(HttpStatus.UNPROCESSABLE_CONTENT),
    IDEMPOTENCY_KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT),
    TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS),
    QUOTA_EXCEEDED(HttpStatus.TOO_MANY_REQUESTS),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR),
    BUSY(HttpStatus.SERVICE_UNAVAILABLE),
    TIMEOUT(HttpStatus.SERVICE_UNAVAILABLE),
    STORAGE_FAILED(HttpStatus.SERVICE_UNAVAILABLE),
    DECODER_FAILED(HttpStatus.SERVICE_UNAVAILABLE);

    private final HttpStatus status;

    ProblemCode(HttpStatus status) {
        this.status = status;
    }

    /** The code with the name of the engine's code. */
    public static ProblemCode of(InvalidInputException.Code code) {
        return valueOf(code.name());
    }

    /** The code with the name of the compute pool's code. */
    public static ProblemCode of(BusyException.Code code) {
        return valueOf(code.name());
    }

    /**
     * The code for a status that Tomcat or Spring set. A status without a code here, such as 501, is
     * {@link #BAD_REQUEST}.
     */
    static ProblemCode ofContainer(int status) {
        return switch (status) {
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> SLOW_BODY;
            case 413 -> TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 500 -> INTERNAL;
            case 503 -> BUSY;
            default -> BAD_REQUEST;
        };
    }

    public HttpStatus status() {
        return status;
    }

    /** The value of {@code code} in a problem. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
