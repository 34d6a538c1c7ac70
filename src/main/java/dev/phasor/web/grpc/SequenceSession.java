package dev.phasor.web.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.phasor.operation.LiveOperation;
import dev.phasor.web.model.InferenceStatistics;
import dev.phasor.web.model.Model;
import dev.phasor.web.model.RequestParts;
import dev.phasor.web.model.Scalar;
import dev.phasor.web.model.SequenceReader;
import dev.phasor.web.session.Ending;
import dev.phasor.web.session.LiveFeed;
import dev.phasor.web.session.LivePlace;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The live session of one sequence: what its requests bring is fed, and what is known then is their answer, in parts
 * that hold whole frames. It computes and sends in the callbacks of its stream, which come one after the other.
 */
final class SequenceSession {

    /** Frames wider than a buffer are held as values, as bytes, and twice by the transport. */
    private static final int WIDE = 4;

    private final Scalar id;
    private final SequenceReader reader;
    private final Sequences.Face face;
    private final InferenceCall call;
    private final Outlet outlet;
    private final Map<Scalar, SequenceSession> open;
    private final LivePlace place;
    private final LiveFeed feed;
    private final float[] values;
    private final float[] answered;
    /** Values of a frame of the answer; 1 for samples. */
    private final int width;

    private int count;
    /** What the next answer says beside its values. */
    private Map<String, Object> report;

    private @Nullable String request;

    /** It ended before it began. */
    static final class Ended extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Ending ending;

        private Ended(Ending ending) {
            super(ending.detail());
            this.ending = ending;
        }

        Ending ending() {
            return ending;
        }
    }

    /**
     * Takes a place and begins.
     *
     * @param open the sessions of the stream, which it is one of until it ends
     * @throws Ended if its client leaves meanwhile, or it is no longer wanted
     */
    SequenceSession(
            Scalar id,
            SequenceReader reader,
            Sequences.Face face,
            InferenceCall call,
            Outlet outlet,
            Map<Scalar, SequenceSession> open) {
        this.id = id;
        this.reader = reader;
        this.face = face;
        this.call = call;
        this.outlet = outlet;
        this.open = open;
        int buffer = face.settings().bufferBytes() / Float.BYTES;
        values = new float[buffer];
        place = face.room().open(call.memory().client(), call::isGone, this::end);
        place.enter();
        try {
            call.setAside(face.settings().bufferBytes());
            feed = place.begin(reader.model().endpoint(), reader.parameters(), buffer, this::answer);
            LiveOperation operation = feed.operation();
            width = operation.answersSamples() ? 1 : operation.valuesOut();
            if (width > buffer) {
                place.reserve((long) WIDE * Float.BYTES * width, "a frame of the answer");
            }
            answered = new float[Math.max(width, buffer / width * width)];
            report = operation.ready();
        } catch (RuntimeException e) {
            Ending ending = place.ending(e);
            give(ending.code().wireName());
            throw Refusal.of(e).isInternal() ? new Ended(ending) : e;
        }
        open.put(id, this);
    }

    /**
     * Feeds what a request brings.
     *
     * @param last whether no other request follows
     * @return the last answer to it; those before are sent
     */
    ModelStreamInferResponse answer(Model model, RequestParts parts, boolean last, InferenceStatistics.Timing timing) {
        request = parts.id();
        place.enter();
        try {
            LiveOperation operation = feed.operation();
            int in = operation.takesSamples() ? 1 : operation.valuesIn();
            SequenceReader.Frames frames = reader.read(model, parts, in, call.memory());
            timing.decoded();
            if (frames != null) {
                for (int taken = frames.next(values); taken > 0; taken = frames.next(values)) {
                    feed.push(values, taken);
                }
            }
            if (last) {
                Map<String, Object> all = new LinkedHashMap<>(feed.end());
                report.forEach(all::putIfAbsent);
                report = all;
            }
            timing.computed();
            ModelStreamInferResponse answer = take(true);
            call.charge(answer.getSerializedSize());
            if (last) {
                give("ended");
            }
            return answer;
        } finally {
            place.leave();
        }
    }

    /** Collects values of the answer, and sends them when the buffer is full. */
    private void answer(float[] block, int offset, int number) {
        for (int at = 0; at < number; ) {
            if (count == answered.length) {
                ModelStreamInferResponse part = take(false);
                feed.send(() -> outlet.send(part, place));
            }
            int taken = Math.min(answered.length - count, number - at);
            System.arraycopy(block, offset + at, answered, count, taken);
            count += taken;
            at += taken;
        }
    }

    /** The values so far as a message. The operation hands out whole frames, so none is cut. */
    private ModelStreamInferResponse take(boolean last) {
        int frames = count / width;
        byte[] bytes = new byte[Float.BYTES * count];
        ByteBuffer raw = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int bin = 0; bin < width; bin++) {
            for (int frame = 0; frame < frames; frame++) {
                raw.putFloat(answered[frame * width + bin]);
            }
        }
        count = 0;
        ModelInferResponse.Builder answer = SequenceMessages.answer(reader.model(), request, id, last)
                .putAllParameters(face.messages().parameters(report))
                .addOutputs(ResponseMessages.tensor(reader.output(), reader.outputShape(width, frames)))
                .addRawOutputContents(UnsafeByteOperations.unsafeWrap(bytes));
        report = Map.of();
        return ModelStreamInferResponse.newBuilder().setInferResponse(answer).build();
    }

    /** Why it ends, by what went wrong. */
    Ending ending(RuntimeException fault) {
        return place.ending(fault);
    }

    static Refusal refusal(Ending ending) {
        return new Refusal(ending.code(), ending.detail(), 0);
    }

    /** Ends it from the room's thread, and says why, unless a callback of the stream runs. */
    private void end(Ending ending) {
        call.ifIdle(() -> {
            if (open.get(id) == this) {
                Refusal refusal = face.calls().refused(refusal(ending));
                give(refusal.code().wireName());
                outlet.say(SequenceMessages.refusal(refusal, request == null ? "" : request, id));
            }
        });
    }

    /** See {@link LivePlace#hold}. */
    void hold() {
        place.hold();
    }

    /** See {@link LivePlace#release}. */
    void release() {
        place.release();
    }

    /** Gives back what it holds. */
    void give(String reason) {
        open.remove(id, this);
        if (open.isEmpty()) {
            call.setAside(0);
        }
        place.give(reason);
    }
}
