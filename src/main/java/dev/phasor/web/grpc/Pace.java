package dev.phasor.web.grpc;

import dev.phasor.compute.Limits;
import dev.phasor.web.connection.ConnectionLimits;
import dev.phasor.web.refusal.ProblemCode;
import java.util.concurrent.TimeUnit;

/** How long a client is waited for: the windows that HTTP has for bodies and answers. */
record Pace(Limits limits, ConnectionLimits connection, GrpcSettings settings) {

    long bodyNanos() {
        return TimeUnit.SECONDS.toNanos(limits.bodyWait());
    }

    /** Bytes that a message must bring in each window. */
    long bodyBytes() {
        return limits.bodyWait() * limits.bodyRate().toBytes();
    }

    /** How long an answer may take to be read. */
    long answerNanos(long bytes) {
        return TimeUnit.SECONDS.toNanos(connection.answerWait()
                + bytes / Math.max(1, connection.answerRate().toBytes()));
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
