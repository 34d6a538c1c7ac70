package dev.phasor;

import dev.phasor.WarmupRequests.Request;
import dev.phasor.web.connection.OwnPort;
import dev.phasor.web.session.LiveRehearsal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.TimeoutException;
import org.springframework.http.HttpHeaders;

/**
 * Requests of the service's own over its own port, as those of clients: what surrounds an operation is compiled then.
 */
final class PortRehearsal {

    private final OwnPort port;

    PortRehearsal(OwnPort port) {
        this.port = port;
    }

    /**
     * Posts a request again and again, over one connection.
     *
     * @param key that opens the service
     * @throws TimeoutException if it takes longer than {@code atMost}
     * @throws IOException why there was no answer, or which
     */
    void post(String key, Request request, int times, Duration atMost) throws IOException, TimeoutException {
        long end = System.nanoTime() + atMost.toNanos();
        URL url = url(request);
        try {
            for (int i = 0; i < times; i++) {
                post(key, url, request, Duration.ofNanos(LiveRehearsal.nanosUntil(end)));
            }
        } catch (SocketTimeoutException e) {
            throw new TimeoutException(e.getMessage());
        }
    }

    private static void post(String key, URL url, Request request, Duration atMost) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        int millis = Math.max(1, (int) atMost.toMillis());
        connection.setConnectTimeout(millis);
        connection.setReadTimeout(millis);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(request.body().length);
        connection.setRequestProperty(HttpHeaders.AUTHORIZATION, "Bearer " + key);
        connection.setRequestProperty(HttpHeaders.CONTENT_TYPE, request.type());
        connection.setRequestProperty(HttpHeaders.ACCEPT, "*/*");
        try (OutputStream out = connection.getOutputStream()) {
            out.write(request.body());
        }
        // An answer that is read to its end leaves the connection to the next request.
        try (InputStream in = connection.getInputStream()) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private URL url(Request request) throws IOException {
        StringJoiner query = new StringJoiner("&").setEmptyValue("");
        request.parameters().forEach((name, value) -> query.add(name + "=" + value));
        return port.uri("http", "/v1/" + request.endpoint().wireName().replace('_', '/'), query.toString())
                .toURL();
    }
}
