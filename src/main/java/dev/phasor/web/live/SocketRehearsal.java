package dev.phasor.web.live;

import dev.phasor.web.connection.OwnPort;
import dev.phasor.web.session.LiveRehearsal;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import tools.jackson.databind.ObjectMapper;

/** Over {@code /v1/live}. */
final class SocketRehearsal implements LiveRehearsal {

    private final OwnPort port;
    private final ObjectMapper mapper;

    SocketRehearsal(OwnPort port, ObjectMapper mapper) {
        this.port = port;
        this.mapper = mapper;
    }

    @Override
    public String name() {
        return "/v1/live";
    }

    @Override
    public void play(String key, Map<String, String> parameters, List<byte[]> frames, Duration atMost)
            throws Exception {
        long end = System.nanoTime() + atMost.toNanos();
        WebSocketHttpHeaders headers = new WebSocketHttpHeaders();
        headers.setBearerAuth(key);
        Map<String, String> start = new HashMap<>(parameters);
        start.put("type", "start");
        start.put("operation", "reconstruct");
        Heard heard = new Heard();
        WsWebSocketContainer container = new WsWebSocketContainer();
        try {
            WebSocketSession socket = new StandardWebSocketClient(container)
                    .execute(heard, headers, port.uri("ws", "/v1/live", null))
                    .get(LiveRehearsal.nanosUntil(end), TimeUnit.NANOSECONDS);
            socket.sendMessage(new TextMessage(mapper.writeValueAsString(start)));
            for (byte[] frame : frames) {
                LiveRehearsal.nanosUntil(end);
                socket.sendMessage(new BinaryMessage(frame));
            }
            socket.sendMessage(new TextMessage("{\"type\":\"end\"}"));
            CloseStatus status = heard.closed.get(LiveRehearsal.nanosUntil(end), TimeUnit.NANOSECONDS);
            if (!status.equalsCode(CloseStatus.NORMAL)) {
                throw new IOException("closed with " + status.getCode());
            }
        } finally {
            container.destroy();
        }
    }

    private static final class Heard extends AbstractWebSocketHandler {

        private final CompletableFuture<CloseStatus> closed = new CompletableFuture<>();

        @Override
        public void afterConnectionClosed(WebSocketSession socket, CloseStatus status) {
            closed.complete(status);
        }

        @Override
        public boolean supportsPartialMessages() {
            return true;
        }
    }
}
