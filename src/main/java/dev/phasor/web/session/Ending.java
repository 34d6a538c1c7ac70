package dev.phasor.web.session;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.OutOfMemory;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.access.OverQuotaException;
import dev.phasor.web.refusal.ProblemCode;
import dev.phasor.web.refusal.ProblemWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a session ends before its report: the code and the sentence of an error, as in {@code /v1}.
 *
 * @param stopping whether it ends since the service does
 */
public record Ending(ProblemCode code, String detail, boolean stopping) {

    private static final Logger log = LoggerFactory.getLogger(Ending.class);

    public static Ending of(RuntimeException fault) {
        OutOfMemory.endIfBehind(fault);
        if (fault instanceof InvalidInputException invalid) {
            return of(ProblemCode.of(invalid.code()), String.valueOf(invalid.getMessage()));
        } else if (fault instanceof BusyException busy) {
            return of(ProblemCode.of(busy.code()), String.valueOf(busy.getMessage()));
        } else if (fault instanceof OverQuotaException quota) {
            return of(quota.code(), String.valueOf(quota.getMessage()));
        }
        log.error("a live session failed", fault);
        return of(ProblemCode.INTERNAL, "the service failed; its log says why");
    }

    public static Ending of(ProblemCode code, String detail) {
        return new Ending(code, ProblemWriter.bounded(detail), false);
    }

    /** The client has left, and cannot be told. */
    public static Ending left() {
        return of(ProblemCode.CLIENT_CLOSED, "the client has closed the connection");
    }

    /** The service stops. */
    static Ending ofStop() {
        return new Ending(ProblemCode.BUSY, "the service is stopping", true);
    }
}
