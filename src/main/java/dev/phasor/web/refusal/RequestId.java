package dev.phasor.web.refusal;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The name of a request in the log, in the answer's header and in a problem: the client's, or one made here. */
public final class RequestId {

    public static final String HEADER = "X-Request-Id";

    /** Its name in the log's context, and in problems. */
    public static final String KEY = "request_id";

    /** What cannot break a line of the log, a header or JSON. */
    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

    private RequestId() {}

    /** @param sent what the client calls it, where it does */
    public static String of(@Nullable String sent) {
        return sent != null && SANE.matcher(sent).matches()
                ? sent
                : UUID.randomUUID().toString();
    }

    /** That of the request which this thread answers. */
    public static @Nullable String current() {
        return MDC.get(KEY);
    }
}
