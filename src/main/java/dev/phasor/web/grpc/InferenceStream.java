package dev.phasor.web.grpc;

import dev.phasor.compute.OutOfMemory;
import dev.phasor.web.access.OverQuotaException;
import dev.phasor.web.model.Sequence;
import inference.ModelInferRequest;
import inference.ModelStreamInferResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream of requests, answered one after the other. The next one is read when the answer to the last one has gone, so
 * a client that does not read holds one answer. What is wrong with a request is the answer to it, and the stream goes
 * on, unless the key's rate or quota is used up. Requests with the id of a sequence feed a live session.
 */
final class InferenceStream implements StreamObserver<Received> {

    private static final Logger log = LoggerFactory.getLogger(InferenceStream.class);

    private final InferenceCall call;
    private final ServerCallStreamObserver<ModelStreamInferResponse> answers;
    private final Inferences inferences;
    private final Sequences sequences;
    private final Calls calls;
    private boolean halfClosed;

    InferenceStream(
            InferenceCall call,
            ServerCallStreamObserver<ModelStreamInferResponse> answers,
            Inferences inferences,
            Sequences sequences,
            Calls calls) {
        this.call = call;
        this.answers = answers;
        this.inferences = inferences;
        this.sequences = sequences;
        this.calls = calls;
        answers.disableAutoRequest();
        answers.setOnCancelHandler(() -> {});
        answers.setOnReadyHandler(call::goOn);
        answers.request(1);
    }

    @Override
    public void onNext(Received received) {
        if (call.isClosed()) {
            return;
        }
        if (calls.isStopping() && !sequences.areOpen()) {
            throw Calls.stopping();
        }
        sequences.hold();
        ModelStreamInferResponse answer = answer(received);
        answers.onNext(answer);
        call.answered(answer.getSerializedSize(), this::readOn);
    }

    private ModelStreamInferResponse answer(Received received) {
        String id = "";
        try {
            ModelInferRequest message = received.take();
            id = message.getId();
            Sequence sequence = Sequence.of(MessageParts.parameters(message));
            if (sequence != null) {
                return sequences.answer(message, sequence);
            } else if (calls.isStopping()) {
                throw Calls.stopping();
            }
            return SequenceMessages.only(inferences.answer(message, call));
        } catch (OverQuotaException e) {
            throw e; // the stream ends, and its trailers say when to come again
        } catch (RuntimeException e) {
            OutOfMemory.endIfBehind(e);
            Refusal refusal = calls.refused(e);
            if (refusal.isInternal()) {
                log.error("a request of a stream failed", e);
            }
            return SequenceMessages.refusal(refusal, id, null);
        }
    }

    private void readOn() {
        if (halfClosed) {
            answers.onCompleted();
        } else {
            sequences.release();
            answers.request(1);
        }
    }

    @Override
    public void onError(Throwable fault) {
        // The client has left; the call gives back what it holds.
    }

    /** Nothing follows. The last answer is waited for, so that a slow reader is seen. */
    @Override
    public void onCompleted() {
        halfClosed = true;
        sequences.close();
        if (!call.isAnswering()) {
            answers.onCompleted();
        }
    }
}
