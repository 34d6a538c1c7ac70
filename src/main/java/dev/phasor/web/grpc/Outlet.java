package dev.phasor.web.grpc;

import dev.phasor.web.session.LivePlace;
import inference.ModelStreamInferResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Sends the answers of a stream that are more than one to a request, no faster than its client reads. */
final class Outlet {

    /** Between two looks at a transport that is full. */
    private static final long LOOK_NANOS = 1_000_000;

    private final InferenceCall call;
    private final ServerCallStreamObserver<ModelStreamInferResponse> answers;
    private final long longestNanos;

    /** @param longestNanos that a client may take to read what the transport holds; then its stream is dropped */
    Outlet(InferenceCall call, ServerCallStreamObserver<ModelStreamInferResponse> answers, long longestNanos) {
        this.call = call;
        this.answers = answers;
        this.longestNanos = longestNanos;
    }

    /**
     * Sends an answer that another one follows, when the transport holds little. That it does the transport tells in a
     * callback, which would come after the one that calls this: so it is looked for.
     *
     * @param place of the session that answers, whose end ends the waiting
     * @throws UncheckedIOException if the client has left or does not read
     */
    void send(ModelStreamInferResponse answer, LivePlace place) {
        long begun = System.nanoTime();
        while (!answers.isReady()) {
            place.check();
            if (call.isClosed()) {
                throw new UncheckedIOException(new IOException("the client has left"));
            } else if (System.nanoTime() - begun > longestNanos) {
                call.drop(new TimeoutException("the answers were not taken in time"));
                throw new UncheckedIOException(new IOException("the client does not read"));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        call.charge(answer.getSerializedSize());
        answers.onNext(answer);
    }

    /** Sends what nobody asked for: a few words, whether they are read or not. */
    void say(ModelStreamInferResponse answer) {
        if (!call.isClosed()) {
            answers.onNext(answer);
        }
    }
}
