package dev.phasor.web.telemetry;

import dev.phasor.web.access.ApiKeys;
import dev.phasor.web.access.Charge;
import dev.phasor.web.connection.Client;
import dev.phasor.web.refusal.RequestId;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.apache.catalina.AccessLog;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.HttpHeaders;

/**
 * Gives each request its id. When the response is sent, it writes one log line, counts the bytes and settles the key's
 * quota. As a valve it precedes every filter, so it also logs requests that a filter refused or that are not HTTP. The
 * service's own requests have no line.
 */
final class RequestLog extends ValveBase implements AccessLog {

    /** The attribute of a request that is the service's own: nobody counts it. */
    static final String OWN = RequestLog.class.getName() + ".own";

    private final RequestLines lines;
    private final ApiKeys keys;

    RequestLog(RequestLines lines, ApiKeys keys) {
        super(true);
        this.lines = lines;
        this.keys = keys;
    }

    /** Runs again if an asynchronous request continues in another thread; the request keeps its id. */
    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        @Nullable String id = (String) request.getAttribute(RequestId.KEY);
        if (id == null) {
            id = RequestId.of(request.getHeader(RequestId.HEADER));
            request.setAttribute(RequestId.KEY, id);
            response.setHeader(RequestId.HEADER, id);
            if (keys.isOwn(request.getHeader(HttpHeaders.AUTHORIZATION))) {
                request.setAttribute(OWN, true);
            }
        }
        try (MDC.MDCCloseable named = MDC.putCloseable(RequestId.KEY, id)) {
            getNext().invoke(request, response);
        }
    }

    /** @param nanos nanoseconds from the request's first byte to the response's last byte */
    @Override
    public void log(Request request, Response response, long nanos) {
        if (request.getAttribute(OWN) != null) {
            return;
        }
        long received = request.getCoyoteRequest().getBytesRead();
        long sent = response.getBytesWritten(true);
        @Nullable Charge charge = Charge.of(request);
        String key = charge == null ? RequestLines.NO_KEY : charge.key().getName();
        if (charge != null) {
            charge.settle(received + sent);
        }
        @Nullable String id = (String) request.getAttribute(RequestId.KEY);
        lines.write(new RequestLines.Line(
                request.getMethod(),
                request.getRequestURI(),
                String.valueOf(response.getStatus()),
                cut(request, response),
                received,
                sent,
                nanos,
                key,
                id == null ? "" : id));
    }

    /** The reason why a response was cut after its status was sent; null if it is complete. */
    private static @Nullable String cut(Request request, Response response) {
        @Nullable IOException loss = Client.lossOf(request, response);
        if (loss == null) {
            return null;
        }
        return loss instanceof SocketTimeoutException ? RequestLines.SLOW_READER : RequestLines.CLIENT_LEFT;
    }

    @Override
    public void setRequestAttributesEnabled(boolean enabled) {
        throw new UnsupportedOperationException("addresses are not logged");
    }

    @Override
    public boolean getRequestAttributesEnabled() {
        return false;
    }
}
