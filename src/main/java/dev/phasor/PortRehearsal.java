package dev.phasor;

import dev.phasor.Warmup.Request;
import dev.phasor.web.session.LiveRehearsal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.time.Duration;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;

/**
 * Requests of the service's own over its own port, as those of clients: what surrounds an operation is compiled then.
 */
final class PortRehearsal {

    private final @Nullable InetAddress bound;
    private final Environment environment;

    /** @param environment has the port once the server listens */
    PortRehearsal(@Nullable InetAddress bound, Environment environment) {
        this.bound = bound;
        this.environment = environment;
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
        int port = environment.getRequiredProperty("local.server.port", Integer.class);
        String host = LiveRehearsal.reached(bound).getHostAddress();
        String path = "/v1/" + request.endpoint().wireName().replace('_', '/');
        StringJoiner query = new StringJoiner("&");
        for (Map.Entry<String, String> parameter : request.parameters().entrySet()) {
            query.add(parameter.getKey() + "=" + parameter.getValue());
        }
        try {
            return new URI("http", null, host, port, path, query.toString(), null).toURL();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("an address and a path are a URI", e);
        }
    }
}
