package dev.phasor.web.live;

import static java.util.Objects.requireNonNull;

import dev.phasor.web.access.Charge;
import dev.phasor.web.connection.Client;
import dev.phasor.web.refusal.RequestId;
import dev.phasor.web.session.LiveRoom;
import dev.phasor.web.session.LiveSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.server.HandshakeInterceptor;
import tools.jackson.databind.ObjectMapper;

/** Opens a {@link SocketSession} for each connection, and passes on what it is sent. */
final class LiveHandler implements WebSocketHandler, HandshakeInterceptor {

    private static final String CLIENT = "client";
    private static final String CONNECTION = "connection";
    private static final String CHARGE = "charge";
    private static final String OPEN = "open";

    private final LiveRoom room;
    private final ObjectMapper mapper;
    private final LiveSettings settings;

    LiveHandler(LiveRoom room, ObjectMapper mapper, LiveSettings settings) {
        this.room = room;
        this.mapper = mapper;
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
    public void afterConnectionEstablished(WebSocketSession socket) {
        SocketSession.bound(socket, 1000L * settings.sendWait());
        SocketSession session =
                new SocketSession(socket, (Charge) socket.getAttributes().get(CHARGE), mapper);
        socket.getAttributes().put(OPEN, session);
        Client connection = requireNonNull((Client) socket.getAttributes().get(CONNECTION));
        String client = String.valueOf(socket.getAttributes().get(CLIENT));
        session.open(room, client, connection::hasLeft, settings.bufferBytes());
    }

    @Override
    public void handleMessage(WebSocketSession socket, WebSocketMessage<?> message) {
        if (!(socket.getAttributes().get(OPEN) instanceof SocketSession session)) {
            return;
        }
        String id = String.valueOf(socket.getAttributes().get(RequestId.KEY));
        try (MDC.MDCCloseable named = MDC.putCloseable(RequestId.KEY, id)) {
            if (message instanceof TextMessage text) {
                session.text(text.getPayload(), text.isLast());
            } else if (message instanceof BinaryMessage binary) {
                session.binary(binary.getPayload());
            }
        }
    }

    /** The connection fails; its closing follows. */
    @Override
    public void handleTransportError(WebSocketSession socket, Throwable fault) {
        // afterConnectionClosed gives back what the session holds.
    }

    @Override
    public void afterConnectionClosed(WebSocketSession socket, CloseStatus status) {
        if (socket.getAttributes().get(OPEN) instanceof SocketSession session) {
            session.left();
        }
    }

    /** Parts of a message are fed as they come, so that no buffer is as long as a message. */
    @Override
    public boolean supportsPartialMessages() {
        return true;
    }
}
