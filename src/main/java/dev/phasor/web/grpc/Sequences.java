package dev.phasor.web.grpc;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.compute.Limits;
import dev.phasor.web.access.OverQuotaException;
import dev.phasor.web.model.InferenceStatistics;
import dev.phasor.web.model.Model;
import dev.phasor.web.model.RequestParts;
import dev.phasor.web.model.Scalar;
import dev.phasor.web.model.Sequence;
import dev.phasor.web.model.SequenceReader;
import dev.phasor.web.session.Ending;
import dev.phasor.web.session.LiveRoom;
import dev.phasor.web.session.LiveSettings;
import inference.ModelInferRequest;
import inference.ModelStreamInferResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The live sessions of one stream, by the ids of their sequences. What is wrong with a request of a sequence is the
 * answer to it and ends the sequence; the others of the stream go on. They end with the stream.
 */
final class Sequences {

    private final Face face;
    private final InferenceCall call;
    private final Outlet outlet;
    private final Map<Scalar, SequenceSession> open = new HashMap<>();

    /** What the sessions of all streams share. */
    record Face(
            LiveRoom room,
            LiveSettings settings,
            Limits limits,
            ResponseMessages messages,
            InferenceStatistics statistics,
            Calls calls) {}

    Sequences(Face face, InferenceCall call, Outlet outlet) {
        this.face = face;
        this.call = call;
        this.outlet = outlet;
        call.has(this);
    }

    /** The last answer to a request of a sequence; those before it are sent. */
    ModelStreamInferResponse answer(ModelInferRequest message, Sequence sequence) {
        SequenceSession session = open.get(sequence.id());
        try {
            Model model = Model.of(message.getModelName(), Inferences.version(message.getModelVersion()));
            try (InferenceStatistics.Timing timing = face.statistics().begin(model)) {
                RequestParts parts = MessageParts.of(message);
                if (session == null) {
                    call.takeRequest();
                    session = begin(sequence, model, parts);
                } else if (sequence.start()) {
                    throw badParameter(
                            "parameters.sequence_start",
                            "true once in a sequence; begin another one with another id",
                            "true");
                }
                ModelStreamInferResponse answer = session.answer(model, parts, sequence.end(), timing);
                timing.fed();
                return answer;
            }
        } catch (RuntimeException e) {
            if (e instanceof OverQuotaException && open.isEmpty()) {
                throw e; // nothing else goes on
            }
            Refusal refusal = face.calls().refused(refusal(e, session));
            if (session != null) {
                session.give(refusal.code().wireName());
            }
            return SequenceMessages.refusal(refusal, message.getId(), sequence.id());
        }
    }

    private static Refusal refusal(RuntimeException fault, @Nullable SequenceSession session) {
        if (fault instanceof SequenceSession.Ended ended) {
            return SequenceSession.refusal(ended.ending());
        }
        Refusal known = Refusal.of(fault);
        if (!known.isInternal()) {
            return known;
        }
        return SequenceSession.refusal(session == null ? Ending.of(fault) : session.ending(fault));
    }

    private SequenceSession begin(Sequence sequence, Model model, RequestParts parts) {
        if (!sequence.start()) {
            throw badParameter(
                    "parameters.sequence_start",
                    "true in the first request of a sequence on its stream; "
                            + sequence.id().text() + " is not open, it has ended or never began",
                    "false");
        }
        SequenceReader reader = new SequenceReader(model, parts, face.limits());
        return new SequenceSession(sequence.id(), reader, face, call, outlet, open);
    }

    boolean areOpen() {
        return !open.isEmpty();
    }

    /** The stream is not read from, until {@link #release}. */
    void hold() {
        open.values().forEach(SequenceSession::hold);
    }

    /** The next request is read. */
    void release() {
        open.values().forEach(SequenceSession::release);
    }

    /** Nanoseconds that the client may take to read an answer. */
    long sendNanos() {
        return TimeUnit.SECONDS.toNanos(face.settings().sendWait());
    }

    /** The client says no more, or has left. */
    void close() {
        for (SequenceSession session : List.copyOf(open.values())) {
            session.give("client_left");
        }
    }
}
