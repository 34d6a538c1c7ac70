package dev.phasor.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** A client of {@code /v1/live}: the JDK's own. */
public final class LiveClient implements WebSocket.Listener, AutoCloseable {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final int SECONDS = 60;

    private final WebSocket socket;
    private final BlockingQueue<JsonNode> texts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private volatile boolean reads = true;
    private byte[] bytes = new byte[1 << 12];
    private int count;

    public LiveClient(int port, String... headers) throws Exception {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/live"), this)
                .get(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            texts.add(MAPPER.readTree(text.toString()));
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        if (count + data.remaining() > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * (count + data.remaining()));
        }
        int length = data.remaining();
        data.get(bytes, count, length);
        count += length;
        if (reads) {
            from.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        closed.complete(status);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable fault) {
        closed.complete(1006);
    }

    public void say(String json) throws Exception {
        socket.sendText(json, true).get(SECONDS, TimeUnit.SECONDS);
    }

    public void send(float[] values, int offset, int length) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values, offset, length);
        send(buffer.array());
    }

    public void send(byte[] message) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(message), true).get(SECONDS, TimeUnit.SECONDS);
    }

    /** The next text message. */
    public JsonNode hear() throws Exception {
        JsonNode message = texts.poll(SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new IllegalStateException("nothing was said");
        }
        return message;
    }

    /** The code of the close frame. */
    public int closed() throws Exception {
        return closed.get(SECONDS, TimeUnit.SECONDS);
    }

    /** All binary messages so far. */
    public synchronized byte[] bytes() {
        return Arrays.copyOf(bytes, count);
    }

    public synchronized float[] values() {
        float[] values = new float[count / Float.BYTES];
        ByteBuffer.wrap(bytes, 0, count)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    /** Reads one more message, and then none. */
    public void stopReading() {
        reads = false;
    }

    /** Leaves without a word. */
    public void vanish() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.abort();
    }
}
