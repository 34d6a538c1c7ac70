package dev.phasor.web.grpc;

import dev.phasor.compute.Limits;
import dev.phasor.web.connection.ConnectionLimits;
import dev.phasor.web.refusal.ProblemCode;
import java.util.concurrent.TimeUnit;

/** How long a client is waited for: the windows that HTTP has for bodies and answers. */
record Pace(Limits limits, ConnectionLimits connection, GrpcSettings settings) {

    /** The longest piece that the transport writes an answer in, and tells of when it has gone. */
    private static final long PIECE = 1 << 20;

    long bodyNanos() {
        return TimeUnit.SECONDS.toNanos(limits.bodyWait());
    }

    /** Bytes that a message must bring in each window. */
    long bodyBytes() {
        return limits.bodyWait() * limits.bodyRate().toBytes();
    }

    /** A window of an answer's reader. It is long enough for a piece, which is the least that can be seen to go. */
    long answerNanos() {
        long wait = TimeUnit.SECONDS.toNanos(connection.answerWait());
        return Math.max(wait, PIECE * TimeUnit.SECONDS.toNanos(1) / rate());
    }

    /** Bytes that the reader must take in each window. */
    long answerBytes() {
        return Math.max(PIECE, connection.answerWait() * rate());
    }

    private long rate() {
        return Math.max(1, connection.answerRate().toBytes());
    }

    long idleNanos() {
        return TimeUnit.SECONDS.toNanos(settings.idle());
    }

    Refusal slow() {
        return new Refusal(
                ProblemCode.SLOW_BODY,
                "the message must come without long pauses: phasor.limits.body-wait and body-rate say how long it is"
                        + " waited for",
                0);
    }

    Refusal idle() {
        return new Refusal(
                ProblemCode.TIMEOUT,
                "a stream must bring something every " + settings.idle() + " seconds (phasor.grpc.idle)",
                0);
    }
}
