package dev.phasor.web.live;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.OutOfMemory;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.access.OverQuotaException;
import dev.phasor.web.refusal.ProblemCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;

/**
 * Why a session ends before its report: the code and the sentence of an error message, as in {@code /v1}, and the code
 * of the close frame.
 */
record Ending(ProblemCode code, String detail, CloseStatus status) {

    private static final Logger log = LoggerFactory.getLogger(Ending.class);

    static Ending of(RuntimeException fault) {
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

    static Ending of(ProblemCode code, String detail) {
        return new Ending(
                code,
                detail,
                switch (code) {
                    case BUSY, TOO_MANY_REQUESTS, QUOTA_EXCEEDED -> CloseStatus.SERVICE_OVERLOAD;
                    case TOO_LARGE -> CloseStatus.TOO_BIG_TO_PROCESS;
                    case INTERNAL -> CloseStatus.SERVER_ERROR;
                    default -> CloseStatus.POLICY_VIOLATION;
                });
    }

    /** The client has left, and cannot be told. */
    static Ending left() {
        return of(ProblemCode.CLIENT_CLOSED, "the client has closed the connection");
    }

    /** The service stops. */
    static Ending stopping() {
        return new Ending(ProblemCode.BUSY, "the service is stopping", CloseStatus.GOING_AWAY);
    }
}
