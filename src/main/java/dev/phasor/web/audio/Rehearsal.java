package dev.phasor.web.audio;

import dev.phasor.operation.Endpoint;
import dev.phasor.reconstruction.Progress;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Requests of the service's own. They are answered as those of connections, from bytes to bytes, and no meter hears of
 * them: what they run is compiled then.
 */
public final class Rehearsal {

    private static final String CLIENT = "warmup";

    private final Exchange exchange;

    Rehearsal(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Answers a request, to nobody.
     *
     * @param type of the body
     * @param isLong whether the body flows, as one of unknown length does
     * @throws Exception what the request is refused with
     */
    public void run(Endpoint endpoint, String type, byte[] body, Map<String, String> parameters, boolean isLong)
            throws Exception {
        exchange.run(endpoint, new Rehearsed(type, body, parameters, isLong), new Unheard(), Progress.NONE);
    }

    private record Rehearsed(String type, byte[] bytes, Map<String, String> named, boolean isLong) implements Sent {

        @Override
        public @Nullable String header(String name) {
            return name.equals(HttpHeaders.CONTENT_TYPE) ? type : null;
        }

        @Override
        public long length() {
            return isLong ? -1 : bytes.length;
        }

        @Override
        public InputStream body() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public Map<String, String[]> parameters() {
            Map<String, String[]> parameters = new LinkedHashMap<>();
            named.forEach((name, value) -> parameters.put(name, new String[] {value}));
            return parameters;
        }

        @Override
        public String client() {
            return CLIENT;
        }

        @Override
        public BooleanSupplier gone() {
            return () -> false;
        }
    }

    private static final class Unheard implements Reply {

        @Override
        public void header(String name, String value) {}

        @Override
        public void type(String type) {}

        @Override
        public void length(long bytes) {}

        @Override
        public OutputStream body() {
            return OutputStream.nullOutputStream();
        }
    }
}
