package dev.phasor.web.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import dev.phasor.compute.BusyException;
import dev.phasor.compute.ClientGoneException;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.access.OverQuotaException;
import dev.phasor.web.access.UnknownKeyException;
import dev.phasor.web.model.UnknownModelException;
import dev.phasor.web.refusal.ProblemCode;
import dev.phasor.web.refusal.ProblemWriter;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;

/**
 * Why a call is refused: the code and the sentence that HTTP would answer, as a status of gRPC.
 *
 * @param retryAfter seconds after which a later try may succeed; 0 where none will
 */
record Refusal(ProblemCode code, String detail, long retryAfter) {

    /** The trailer with the stable name of the code. */
    static final Metadata.Key<String> CODE = Metadata.Key.of("phasor-code", Metadata.ASCII_STRING_MARSHALLER);

    /** The trailer with the seconds to wait. */
    static final Metadata.Key<String> RETRY_AFTER = Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<com.google.rpc.Status> DETAILS = Metadata.Key.of(
            "grpc-status-details-bin", ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

    static Refusal of(Throwable fault) {
        if (fault instanceof InvalidInputException invalid) {
            return new Refusal(ProblemCode.of(invalid.code()), text(fault), 0);
        } else if (fault instanceof BusyException busy) {
            return new Refusal(ProblemCode.of(busy.code()), text(fault), busy.retryAfter());
        } else if (fault instanceof OverQuotaException quota) {
            return new Refusal(quota.code(), text(fault), quota.retryAfter());
        } else if (fault instanceof UnknownKeyException) {
            return new Refusal(ProblemCode.UNAUTHORIZED, text(fault), 0);
        } else if (fault instanceof UnknownModelException) {
            return new Refusal(ProblemCode.NOT_FOUND, text(fault), 0);
        } else if (fault instanceof ClientGoneException) {
            return new Refusal(ProblemCode.CLIENT_CLOSED, text(fault), 0);
        }
        return new Refusal(ProblemCode.INTERNAL, "the service failed; its log says why", 0);
    }

    private static String text(Throwable fault) {
        return ProblemWriter.bounded(String.valueOf(fault.getMessage()));
    }

    /** Whether the service is at fault, so that the log says more. */
    boolean isInternal() {
        return code == ProblemCode.INTERNAL;
    }

    Status status() {
        return statusCode().toStatus().withDescription(detail);
    }

    private Status.Code statusCode() {
        return switch (code) {
            case UNAUTHORIZED -> Status.Code.UNAUTHENTICATED;
            case FORBIDDEN -> Status.Code.PERMISSION_DENIED;
            case NOT_FOUND -> Status.Code.NOT_FOUND;
            case TOO_LARGE, TOO_MANY_REQUESTS, QUOTA_EXCEEDED -> Status.Code.RESOURCE_EXHAUSTED;
            case BUSY, STORAGE_FAILED, DECODER_FAILED -> Status.Code.UNAVAILABLE;
            case TIMEOUT, SLOW_BODY -> Status.Code.DEADLINE_EXCEEDED;
            case CLIENT_CLOSED -> Status.Code.CANCELLED;
            case INTERNAL -> Status.Code.INTERNAL;
            default -> Status.Code.INVALID_ARGUMENT;
        };
    }

    /** The code, and how long to wait as {@code google.rpc.RetryInfo} and in seconds. */
    Metadata trailers() {
        Metadata trailers = new Metadata();
        trailers.put(CODE, code.wireName());
        if (retryAfter > 0) {
            trailers.put(RETRY_AFTER, String.valueOf(retryAfter));
            RetryInfo retry = RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder().setSeconds(retryAfter))
                    .build();
            trailers.put(
                    DETAILS,
                    com.google.rpc.Status.newBuilder()
                            .setCode(statusCode().value())
                            .setMessage(detail)
                            .addDetails(Any.pack(retry))
                            .build());
        }
        return trailers;
    }

    /** For a message that is refused while it arrives. */
    StatusRuntimeException exception() {
        return status().asRuntimeException(trailers());
    }
}
