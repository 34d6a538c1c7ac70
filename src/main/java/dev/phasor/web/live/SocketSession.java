package dev.phasor.web.live;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.WavEncoding;
import dev.phasor.operation.LiveOperation;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.web.access.Charge;
import dev.phasor.web.session.Ending;
import dev.phasor.web.session.LiveFeed;
import dev.phasor.web.session.LivePlace;
import dev.phasor.web.session.LiveRoom;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
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
final class SocketSession {

    private static final Logger log = LoggerFactory.getLogger(SocketSession.class);

    private static final int LONGEST_TEXT = 1 << 14;

    /** Tomcat's name of the most milliseconds that a send may take. */
    private static final String SEND_TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

    private static final long HURRIED_MILLIS = 200;

    private final WebSocketSession socket;
    private final @Nullable Charge charge;
    private final ObjectMapper mapper;
    private final StringBuilder text = new StringBuilder();
    /** Held by the callbacks. */
    private final ReentrantLock turn = new ReentrantLock();

    private float[] values = new float[0];
    private byte[] answer = new byte[0];
    private int answered;
    /** Also read by the thread that hears of the connection's end, which may not wait for a callback. */
    private volatile @Nullable LivePlace place;

    private @Nullable LiveFeed feed;
    private Wire wire = new Wire(WavEncoding.FLOAT32, WavEncoding.FLOAT32);
    private boolean ended;

    SocketSession(WebSocketSession socket, @Nullable Charge charge, ObjectMapper mapper) {
        this.socket = socket;
        this.charge = charge;
        this.mapper = mapper;
    }

    /** @param millis that a send may take */
    static void bound(WebSocketSession socket, long millis) {
        if (socket instanceof StandardWebSocketSession standard) {
            standard.getNativeSession().getUserProperties().put(SEND_TIMEOUT, millis);
        }
    }

    /**
     * Takes a place, or says that there is none and closes.
     *
     * @param buffer bytes of a message that are read at once, and of an answer that are sent at once
     */
    void open(LiveRoom room, String client, BooleanSupplier hasLeft, int buffer) {
        turn.lock();
        try {
            place = room.open(client, hasLeft, this::end);
            values = new float[buffer / Short.BYTES + 1];
            answer = new byte[buffer / Float.BYTES * Float.BYTES];
        } catch (RuntimeException e) {
            fail(Ending.of(e));
        } finally {
            turn.unlock();
        }
    }

    /** A part of a text message. */
    void text(String part, boolean last) {
        guarded(its -> {
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
                obey(StartMessage.json(whole, mapper), its);
            }
        });
    }

    private void obey(JsonNode message, LivePlace its) {
        String type = message.path("type").asString("");
        switch (type) {
            case "start" -> start(StartMessage.of(message), its);
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

    private void start(StartMessage start, LivePlace its) {
        if (feed != null) {
            throw badParameter("type", "start once in a session; open another one", "start");
        }
        LiveFeed begun = its.begin(start.operation(), start.parameters(), values.length, this::answer);
        LiveOperation operation = begun.operation();
        wire = new Wire(
                operation.takesSamples() ? start.format() : WavEncoding.FLOAT32,
                operation.answersSamples() ? start.format() : WavEncoding.FLOAT32);
        feed = begun;
        Map<String, Object> ready = new LinkedHashMap<>();
        ready.put("type", "ready");
        ready.putAll(operation.ready());
        say(ready);
    }

    /** A part of a binary message. */
    void binary(ByteBuffer bytes) {
        guarded(its -> {
            LiveFeed fed = feed;
            if (fed == null) {
                throw badParameter("type", "start before binary messages", "a binary message");
            }
            take(bytes.remaining());
            fed.push(values, wire.read(bytes, values));
            flush();
        });
    }

    private void end() {
        LiveFeed fed = feed;
        if (fed == null) {
            throw badParameter("type", "start before end", "end");
        }
        if (wire.isCut()) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH, "the last value must come whole, got a part of its bytes");
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("type", "report");
        report.putAll(fed.end());
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
        if (answered > 0 && feed != null) {
            take(answered);
            feed.send(() -> send(new BinaryMessage(ByteBuffer.wrap(answer, 0, answered))));
            answered = 0;
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

    /** What a callback does. */
    @FunctionalInterface
    private interface Callback {
        void run(LivePlace place);
    }

    /** Whatever goes wrong ends this session with a code, and nothing else. */
    private void guarded(Callback work) {
        turn.lock();
        try {
            LivePlace its = place;
            if (ended || its == null) {
                return;
            }
            its.enter();
            try {
                work.run(its);
            } catch (UncheckedIOException e) {
                close(CloseStatus.SESSION_NOT_RELIABLE, "client_left");
            } catch (CancellationException e) {
                fail(its.ending(e));
            } catch (RuntimeException e) {
                fail(Ending.of(e));
            } finally {
                its.leave();
            }
        } finally {
            turn.unlock();
        }
    }

    /** Ends it from the room's thread, which has others to care for. A callback that runs ends by itself. */
    private void end(Ending ending) {
        if (turn.tryLock()) {
            try {
                bound(socket, HURRIED_MILLIS);
                fail(ending);
            } finally {
                turn.unlock();
            }
        }
    }

    /** Says why, and closes. */
    private void fail(Ending ending) {
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
        close(status(ending), ending.code().wireName());
    }

    private static CloseStatus status(Ending ending) {
        if (ending.stopping()) {
            return CloseStatus.GOING_AWAY;
        }
        return switch (ending.code()) {
            case BUSY, TOO_MANY_REQUESTS, QUOTA_EXCEEDED -> CloseStatus.SERVICE_OVERLOAD;
            case TOO_LARGE -> CloseStatus.TOO_BIG_TO_PROCESS;
            case INTERNAL -> CloseStatus.SERVER_ERROR;
            default -> CloseStatus.POLICY_VIOLATION;
        };
    }

    private void close(CloseStatus status, String reason) {
        release(reason);
        try {
            socket.close(status);
        } catch (IOException | RuntimeException e) {
            log.debug("its connection is gone: {}", e.toString());
        }
    }

    /** Its connection is closed. */
    void left() {
        LivePlace its = place;
        if (its != null) {
            its.cancel(Ending.left());
        }
        turn.lock();
        try {
            release("client_left");
        } finally {
            turn.unlock();
        }
    }

    private void release(String reason) {
        if (!ended) {
            ended = true;
            feed = null;
            LivePlace its = place;
            if (its != null) {
                its.give(reason);
            }
        }
    }
}
