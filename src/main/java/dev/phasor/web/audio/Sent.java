package dev.phasor.web.audio;

import dev.phasor.web.connection.Client;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** A request of {@code /v1} as its readers see it: one that a connection brings, or one that was kept for a job. */
interface Sent {

    /** A header's values, joined by commas; null where there is none. */
    @Nullable
    String header(String name);

    /** Bytes of the body; -1 where that is unknown. */
    long length();

    InputStream body() throws IOException;

    /** The parameters of the query. */
    Map<String, String[]> parameters();

    /** Owner of the request, for the limits of one client. */
    String client();

    /** Whether nobody waits any more; it may throw. On the thread that waits for the answer. */
    BooleanSupplier gone();

    default @Nullable String contentType() {
        return header(HttpHeaders.CONTENT_TYPE);
    }

    /** The request that a connection brings. */
    static Sent by(HttpServletRequest request) {
        return new Sent() {
            @Override
            public @Nullable String header(String name) {
                if (name.equals(HttpHeaders.CONTENT_TYPE)) {
                    return request.getContentType();
                }
                Enumeration<String> values = request.getHeaders(name);
                return values.hasMoreElements() ? String.join(", ", Collections.list(values)) : null;
            }

            @Override
            public long length() {
                return request.getContentLengthLong();
            }

            @Override
            public InputStream body() throws IOException {
                return request.getInputStream();
            }

            @Override
            public Map<String, String[]> parameters() {
                return request.getParameterMap();
            }

            @Override
            public String client() {
                return Client.nameOf(request);
            }

            @Override
            public BooleanSupplier gone() {
                return Client.of(request)::gone;
            }
        };
    }
}
