package dev.phasor.web.refusal;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The id of a request in the log, in the response header and in problems: sent by the client, or generated here. */
public final class RequestId {

    public static final String HEADER = "X-Request-Id";

    /** The key of the id in the log's context (MDC) and in problems. */
    public static final String KEY = "request_id";

    /** Ids that cannot break a log line, a header or JSON. */
    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

    private RequestId() {}

    /** @param sent the id that the client sent, or null */
    public static String of(@Nullable String sent) {
        return sent != null && SANE.matcher(sent).matches()
                ? sent
                : UUID.randomUUID().toString();
    }

    /** The id of the request that this thread handles, or null. */
    public static @Nullable String current() {
        return MDC.get(KEY);
    }
}
