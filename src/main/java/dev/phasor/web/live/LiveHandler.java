package dev.phasor.web.live;

import static java.util.Objects.requireNonNull;

import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.LiveOperations;
import dev.phasor.operation.Maxima;
import dev.phasor.web.access.Charge;
import dev.phasor.web.connection.Client;
import dev.phasor.web.refusal.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.server.HandshakeInterceptor;
import tools.jackson.databind.ObjectMapper;

/** Opens a {@link LiveSession} for each connection, and passes on what it is sent. */
final class LiveHandler implements WebSocketHandler, HandshakeInterceptor {

    private static final String CLIENT = "client";
    private static final String CONNECTION = "connection";
    private static final String CHARGE = "charge";
    private static final String OPEN = "open";

    private final LiveSessions sessions;
    private final LiveOperations operations;
    private final MemoryBudget.Part budget;
    private final Maxima maxima;
    private final ObjectMapper mapper;
    private final LiveMeters meters;
    private final LiveSettings settings;
    private final LiveTurns turns = new LiveTurns();

    LiveHandler(
            LiveSessions sessions,
            LiveOperations operations,
            MemoryBudget.Part budget,
            Maxima maxima,
            ObjectMapper mapper,
            LiveMeters meters,
            LiveSettings settings) {
        this.sessions = sessions;
        this.operations = operations;
        this.budget = budget;
        this.maxima = maxima;
        this.mapper = mapper;
        this.meters = meters;
        this.settings = settings;
    }

    @Override
    public boolean beforeHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            Map<String, Object> kept) {
        HttpServletRequest servlet = ((ServletServerHttpRequest) request).getServletRequest();
        kept.put(CLIENT, Client.nameOf(servlet));
        kept.put(CONNECTION, Client.of(servlet));
        kept.put(RequestId.KEY, String.valueOf(MDC.get(RequestId.KEY)));
        Charge charge = Charge.of(servlet);
        if (charge != null) {
            kept.put(CHARGE, charge);
        }
        return true;
    }

    @Override
    public void afterHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            @Nullable Exception fault) {}

    @Override
    public void afterConnectionEstablished(WebSocketSession socket) throws IOException {
        LiveSession.bound(socket, 1000L * settings.sendWait());
        String client = String.valueOf(socket.getAttributes().get(CLIENT));
        MemoryBudget.Reservation memory = budget.open(client);
        boolean taken = false;
        int buffer = settings.bufferBytes();
        try {
            sessions.take(client);
            taken = true;
            memory.add(LiveSession.bytes(buffer), "a live session");
        } catch (RuntimeException e) {
            if (taken) {
                sessions.give(client);
            }
            session(socket, memory, 0).fail(Ending.of(e));
            return;
        }
        LiveSession session = session(socket, memory, buffer);
        socket.getAttributes().put(OPEN, sessions.add(socket.getId(), client, session));
    }

    /** @param buffer bytes; 0 for a session that is only told that there is no place */
    private LiveSession session(WebSocketSession socket, MemoryBudget.Reservation memory, int buffer) {
        Charge charge = (Charge) socket.getAttributes().get(CHARGE);
        Client connection = requireNonNull((Client) socket.getAttributes().get(CONNECTION));
        return new LiveSession(
                socket, charge, memory, connection::hasLeft, turns, operations, maxima, mapper, meters, buffer);
    }

    @Override
    public void handleMessage(WebSocketSession socket, WebSocketMessage<?> message) throws IOException {
        if (!(socket.getAttributes().get(OPEN) instanceof LiveSessions.Open open) || message instanceof PongMessage) {
            return;
        }
        String id = String.valueOf(socket.getAttributes().get(RequestId.KEY));
        open.enter();
        try (MDC.MDCCloseable named = MDC.putCloseable(RequestId.KEY, id)) {
            if (message instanceof TextMessage text) {
                open.session().text(text.getPayload(), text.isLast());
            } else if (message instanceof BinaryMessage binary) {
                open.session().binary(binary.getPayload());
            }
        } finally {
            open.leave();
        }
        if (open.session().hasEnded()) {
            sessions.remove(socket.getId(), open);
        }
    }

    /** The connection fails; its closing follows. */
    @Override
    public void handleTransportError(WebSocketSession socket, Throwable fault) {
        // afterConnectionClosed gives back what the session holds.
    }

    @Override
    public void afterConnectionClosed(WebSocketSession socket, CloseStatus status) {
        if (socket.getAttributes().get(OPEN) instanceof LiveSessions.Open open) {
            open.session().cancel(Ending.left());
            open.enter();
            try {
                open.session().release("client_left");
            } finally {
                open.leave();
            }
            sessions.remove(socket.getId(), open);
        }
    }

    /** Parts of a message are fed as they come, so that no buffer is as long as a message. */
    @Override
    public boolean supportsPartialMessages() {
        return true;
    }
}
