package dev.phasor.web.telemetry;

import dev.phasor.web.refusal.RequestId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Writes the line of each request in the log, and counts it, whichever protocol brought it. */
public final class RequestLines {

    /** The key's name for a request without a key, or with a wrong one. */
    public static final String NO_KEY = "none";

    public static final String SLOW_READER = "slow_reader";
    public static final String CLIENT_LEFT = "client_left";

    private static final Logger log = LoggerFactory.getLogger("phasor.access");

    private static final double NANOS_PER_MILLISECOND = 1e6;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Characters of a path in the log. */
    private static final int LONGEST = 1000;

    private final Traffic traffic;

    RequestLines(Traffic traffic) {
        this.traffic = traffic;
    }

    /**
     * @param status of HTTP a number, of gRPC a name
     * @param cut the reason why the answer was cut after it began; null if it is complete
     * @param nanos nanoseconds from the request's first byte to the answer's last byte
     * @param key name of the key, or {@link #NO_KEY}
     * @param id of the request
     */
    public record Line(
            String method,
            String path,
            String status,
            @Nullable String cut,
            long received,
            long sent,
            long nanos,
            String key,
            String id) {}

    /**
     * A path as it may stand in a line: what is not printable ASCII is percent-encoded, a long one is cut; {@code -}
     * where none could be read.
     */
    static String printable(@Nullable String path) {
        if (path == null) {
            return "-";
        }
        StringBuilder line = new StringBuilder();
        int i = 0;
        for (; i < path.length() && line.length() < LONGEST; i++) {
            char c = path.charAt(i);
            if (c > ' ' && c <= '~') {
                line.append(c);
            } else {
                for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    line.append('%').append(HEX.toHexDigits(b));
                }
            }
        }
        return i == path.length() ? line.toString() : line.substring(0, LONGEST) + "...";
    }

    public void write(Line line) {
        String path = printable(line.path);
        String cut = line.cut;
        traffic.count(line.key, line.status, cut, line.received, line.sent);
        try (MDC.MDCCloseable named = MDC.putCloseable(RequestId.KEY, line.id)) {
            boolean grpc = !Character.isDigit(line.status.charAt(0));
            Object status = grpc ? line.status : (Object) Integer.valueOf(line.status);
            log.atInfo()
                    .addKeyValue("http.request.method", line.method)
                    .addKeyValue("url.path", path)
                    .addKeyValue(grpc ? "rpc.response.status_code" : "http.response.status_code", status)
                    .addKeyValue("event.outcome", cut == null ? "success" : "failure")
                    .addKeyValue("event.reason", cut == null ? "" : cut)
                    .addKeyValue("http.request.body.bytes", line.received)
                    .addKeyValue("http.response.body.bytes", line.sent)
                    .addKeyValue("event.duration", line.nanos)
                    .addKeyValue("user.name", line.key)
                    .log(
                            "{} {} {} in={} out={} ms={} key={}",
                            line.method,
                            path,
                            line.status + (cut == null ? "" : " cut=" + cut),
                            line.received,
                            line.sent,
                            line.nanos / NANOS_PER_MILLISECOND,
                            line.key);
        }
    }
}
