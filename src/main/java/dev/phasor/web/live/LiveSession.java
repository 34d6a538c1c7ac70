package dev.phasor.web.live;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.WavEncoding;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.LiveOperation;
import dev.phasor.operation.LiveOperations;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Parameter;
import dev.phasor.operation.Parameters;
import dev.phasor.signal.Cancellation;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.web.access.Charge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * One session: what it is fed, and what it answers. It computes and sends on the thread that reads its messages, so a
 * client that sends faster than is computed, or reads slower than is answered, is not read from meanwhile, and no more
 * than one buffer waits on each side. Its callbacks are called one after the other. The file is long because the life
 * of a session is in one place: messages in, values out, and every end.
 */
final class LiveSession {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Logger log = LoggerFactory.getLogger(LiveSession.class);

    private static final int LONGEST_TEXT = 1 << 14;

    /** Tomcat's name of the most milliseconds that a send may take. */
    private static final String SEND_TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

    private static final long HURRIED_MILLIS = 200;

    /** Values of a frame that is computed in less time than a turn is worth. */
    private static final int SMALL_FRAME = 4096;

    private final WebSocketSession socket;
    private final @Nullable Charge charge;
    private final MemoryBudget.Reservation memory;
    private final BooleanSupplier hasLeft;
    private final LiveTurns.Seat seat;
    private final LiveOperations operations;
    private final Maxima maxima;
    private final ObjectMapper mapper;
    private final LiveMeters meters;
    private final float[] values;
    private final byte[] answer;
    private final StringBuilder text = new StringBuilder();
    private final Cancellation wanted = new Cancellation();

    private int answered;
    private long sending;
    private @Nullable LiveOperation operation;
    private Wire wire = new Wire(WavEncoding.FLOAT32, WavEncoding.FLOAT32);
    private String name = "none";
    private double hopSeconds;
    private boolean ended;
    private long looked = System.nanoTime();
    /** Why it was cancelled. */
    private volatile Ending why = Ending.stopping();

    LiveSession(
            WebSocketSession socket,
            @Nullable Charge charge,
            MemoryBudget.Reservation memory,
            BooleanSupplier hasLeft,
            LiveTurns turns,
            LiveOperations operations,
            Maxima maxima,
            ObjectMapper mapper,
            LiveMeters meters,
            int buffer) {
        this.socket = socket;
        this.charge = charge;
        this.memory = memory;
        this.hasLeft = hasLeft;
        seat = turns.new Seat(memory.client(), wanted, this::look);
        this.operations = operations;
        this.maxima = maxima;
        this.mapper = mapper;
        this.meters = meters;
        values = new float[buffer / Short.BYTES + 1];
        answer = new byte[buffer / Float.BYTES * Float.BYTES];
    }

    /** @param millis that a send may take */
    static void bound(WebSocketSession socket, long millis) {
        if (socket instanceof StandardWebSocketSession standard) {
            standard.getNativeSession().getUserProperties().put(SEND_TIMEOUT, millis);
        }
    }

    /** Nobody reads the connection while a message is computed, so its end is looked for. */
    private void look() {
        long now = System.nanoTime();
        if (now - looked > LOOK_NANOS) {
            looked = now;
            if (hasLeft.getAsBoolean()) {
                throw new UncheckedIOException(new IOException("the client has left"));
            }
        }
    }

    /** Bytes of the buffers of a session: the container's for texts and values, and its own. */
    static long bytes(int buffer) {
        return 7L * buffer;
    }

    /** Ends what is being computed, from another thread. */
    void cancel(Ending reason) {
        why = reason;
        wanted.cancel();
    }

    /** A part of a text message. */
    void text(String part, boolean last) throws IOException {
        if (ended) {
            return;
        }
        guarded(() -> {
            take(part.length());
            if (text.length() + part.length() > LONGEST_TEXT) {
                throw new InvalidInputException(
                        Code.TOO_LARGE,
                        "a text message must be at most " + LONGEST_TEXT
                                + " characters; values are sent as binary messages");
            }
            text.append(part);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                obey(StartMessage.json(whole, mapper));
            }
        });
    }

    private void obey(JsonNode message) {
        String type = message.path("type").asString("");
        switch (type) {
            case "start" -> start(StartMessage.of(message));
            case "flush" -> say(Map.of("type", "flushed"));
            case "keep_alive" -> {}
            case "end" -> end();
            case "cancel" -> {
                say(Map.of("type", "cancelled"));
                close(CloseStatus.NORMAL, "cancelled");
            }
            default ->
                throw badParameter(
                        "type", "one of start, flush, end, cancel, keep_alive", type.isEmpty() ? "none" : type);
        }
    }

    private void start(StartMessage start) {
        if (operation != null) {
            throw badParameter("type", "start once in a session; open another one", "start");
        }
        Endpoint endpoint = start.operation();
        Parameters parameters = new Parameters(endpoint, start.parameters(), maxima, LiveOperations.WITHOUT);
        LiveOperation begun =
                wanted.call(() -> operations.begin(endpoint, parameters, values.length, memory, this::answer));
        wire = new Wire(
                begun.takesSamples() ? start.format() : WavEncoding.FLOAT32,
                begun.answersSamples() ? start.format() : WavEncoding.FLOAT32);
        name = endpoint.wireName();
        operation = begun;
        Map<String, Object> ready = new LinkedHashMap<>();
        ready.put("type", "ready");
        ready.putAll(begun.ready());
        int hop = begun.hopLength();
        hopSeconds = parameters
                .find(Parameter.SAMPLE_RATE)
                .map(rate -> (double) hop / rate)
                .orElse(0.0);
        say(ready);
    }

    /** A part of a binary message. */
    void binary(ByteBuffer bytes) throws IOException {
        if (ended) {
            return;
        }
        guarded(() -> {
            LiveOperation fed = operation;
            if (fed == null) {
                throw badParameter("type", "start before binary messages", "a binary message");
            }
            take(bytes.remaining());
            int count = wire.read(bytes, values);
            long start = System.nanoTime();
            sending = 0;
            int turn = turn(fed);
            for (int from = 0; from < count; from += turn) {
                int at = from;
                seat.compute(() -> fed.push(values, at, Math.min(turn, count - at)));
            }
            meters.computed(name, System.nanoTime() - start - sending, hops(fed, count) * hopSeconds);
            flush();
        });
    }

    /** Values that are computed in one turn: a frame, or of short ones a few. */
    private static int turn(LiveOperation fed) {
        int frame = fed.takesSamples() ? fed.hopLength() : fed.valuesIn();
        return frame * Math.max(1, SMALL_FRAME / Math.max(frame, (int) Math.min(fed.latency(), SMALL_FRAME)));
    }

    /** The hops that so many values last: those of whole frames, or of samples. */
    private static double hops(LiveOperation fed, int count) {
        return Math.max(1, (double) count / (fed.takesSamples() ? fed.hopLength() : fed.valuesIn()));
    }

    private void end() {
        LiveOperation fed = operation;
        if (fed == null) {
            throw badParameter("type", "start before end", "end");
        }
        if (wire.isCut()) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH, "the last value must come whole, got a part of its bytes");
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("type", "report");
        seat.compute(() -> report.putAll(fed.end()));
        flush();
        if (wire.clipped() > 0) {
            report.put("clipped", wire.clipped());
        }
        say(report);
        close(CloseStatus.NORMAL, "ended");
    }

    /** Encodes values of the answer, and sends the buffer when it is full. */
    private void answer(float[] block, int offset, int count) {
        for (int at = 0; at < count; ) {
            int room = (answer.length - answered) / wire.bytesOut();
            int written = Math.min(room, count - at);
            wire.write(block, offset + at, written, answer, answered);
            answered += written * wire.bytesOut();
            at += written;
            if (answered + wire.bytesOut() > answer.length) {
                flush();
            }
        }
    }

    private void flush() {
        if (answered > 0) {
            take(answered);
            long start = System.nanoTime();
            seat.await(() -> send(new BinaryMessage(ByteBuffer.wrap(answer, 0, answered))));
            answered = 0;
            sending += System.nanoTime() - start;
        }
    }

    private void say(Map<String, Object> message) {
        send(new TextMessage(mapper.writeValueAsString(message)));
    }

    private void send(WebSocketMessage<?> message) {
        try {
            socket.sendMessage(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(long bytes) {
        if (charge != null) {
            charge.takeAfterwards(bytes);
        }
    }

    /** Whatever goes wrong ends this session with a code, and nothing else. */
    private void guarded(Runnable work) throws IOException {
        try {
            work.run();
        } catch (UncheckedIOException e) {
            close(CloseStatus.SESSION_NOT_RELIABLE, "client_left");
        } catch (CancellationException e) {
            fail(why);
        } catch (RuntimeException e) {
            fail(Ending.of(e));
        }
    }

    /** Lets what is sent from now on take little time: the caller has others to care for. */
    void hurry() {
        bound(socket, HURRIED_MILLIS);
    }

    /** Says why, and closes. Not while a callback runs on another thread. */
    void fail(Ending ending) {
        if (ended) {
            return;
        }
        try {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("type", "error");
            message.put("code", ending.code().wireName());
            message.put("detail", ending.detail());
            say(message);
        } catch (RuntimeException e) {
            log.debug("a session's end cannot be told: {}", e.toString());
        }
        close(ending.status(), ending.code().wireName());
    }

    private void close(CloseStatus status, String reason) {
        release(reason);
        try {
            socket.close(status);
        } catch (IOException | RuntimeException e) {
            log.debug("its connection is gone: {}", e.toString());
        }
    }

    /** Gives back what the session holds. May be called again. */
    void release(String reason) {
        if (!ended) {
            ended = true;
            operation = null;
            memory.close();
            meters.ended(reason);
        }
    }

    boolean hasEnded() {
        return ended;
    }
}
