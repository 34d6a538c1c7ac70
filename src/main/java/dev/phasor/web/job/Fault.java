package dev.phasor.web.job;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.OutOfMemory;
import dev.phasor.job.AttemptEndedException;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.refusal.ProblemCode;
import dev.phasor.web.refusal.ProblemWriter;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.MultipartStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ProblemDetail;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;

/** What a job's request is refused with: the answer that the endpoint gives. */
record Fault(ProblemCode code, String detail) {

    private static final Logger log = LoggerFactory.getLogger(Fault.class);

    /**
     * The refusal that an exception means.
     *
     * @throws BusyException for what may succeed later
     * @throws AttemptEndedException for an attempt that ends without an answer
     * @throws IOException for a file of the job that cannot be opened
     */
    static Fault of(Exception e) throws IOException {
        if (e instanceof AttemptEndedException ended) {
            throw ended;
        } else if (e instanceof BusyException busy) {
            if (busy.code() != BusyException.Code.TIMEOUT) {
                throw busy;
            }
            return new Fault(ProblemCode.TIMEOUT, text(busy));
        } else if (e instanceof InvalidInputException invalid) {
            return new Fault(ProblemCode.of(invalid.code()), text(invalid));
        } else if (e instanceof HttpMediaTypeNotSupportedException) {
            return new Fault(ProblemCode.UNSUPPORTED_MEDIA_TYPE, text(e));
        } else if (e instanceof HttpMediaTypeNotAcceptableException) {
            return new Fault(ProblemCode.NOT_ACCEPTABLE, text(e));
        } else if (e instanceof FileUploadException || e instanceof MultipartStream.MalformedStreamException) {
            return new Fault(ProblemCode.MALFORMED_MULTIPART, "the multipart body cannot be read: " + e.getMessage());
        } else if (e instanceof FileSystemException disk) {
            throw disk;
        } else if (e instanceof IOException) {
            log.debug("the body of a job cannot be read", e);
            return new Fault(ProblemCode.MALFORMED_BODY, "the request body cannot be read to its end");
        }
        OutOfMemory.endIfBehind(e);
        log.error("a job failed", e);
        return new Fault(ProblemCode.INTERNAL, "the service failed; its log says why");
    }

    private static String text(Exception e) {
        return String.valueOf(e.getMessage());
    }

    /** As a line of a batch's manifest has it. */
    Map<String, Object> line() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("status", code.status().value());
        line.put("error", problem());
        return line;
    }

    /** As problem+json. */
    ProblemDetail problem() {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(code.status(), ProblemWriter.bounded(detail));
        problem.setProperty("code", code.wireName());
        return problem;
    }
}
