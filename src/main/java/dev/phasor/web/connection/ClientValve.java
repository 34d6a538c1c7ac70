package dev.phasor.web.connection;

import dev.phasor.compute.Limits;
import dev.phasor.compute.Shares;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Attaches a {@link Client} to each request, counts the threads of each address, and cuts bodies that arrive too
 * slowly.
 */
final class ClientValve extends ValveBase {

    /** A hundred times what a body of some hundred kilobytes takes within a machine. */
    private static final Duration LINGER = Duration.ofMillis(50);

    /** Bodies of one address that are waited for so; the next ones' connections are closed at once. */
    private static final int MOST_LINGERING = 2;

    private static final Log log = LogFactory.getLog(ClientValve.class);

    private final Limits limits;
    private final InFlight inFlight;
    private final int share;
    /** The threads that each address holds. A request holds its thread until the rest of its body is read. */
    private final Shares crowd = new Shares();
    /** The threads on which a body beyond an address' share is waited for. */
    private final Shares lingering = new Shares();

    /** @param share percent of the threads left by others that the requests of one address may hold */
    ClientValve(Limits limits, InFlight inFlight, int share) {
        super(true);
        this.share = share;
        this.limits = limits;
        this.inFlight = inFlight;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        removeUnused(request);
        String address = Client.nameOf(request);
        int threads = threads(request);
        boolean counted = crowd.take(address, 1, (long) threads * share / 100, threads);
        Client client = Client.remember(request, inFlight, !counted);
        PacedBody body = new PacedBody(request.getCoyoteRequest(), limits);
        inFlight.enter();
        try {
            getNext().invoke(request, response);
            if (!request.isAsync()) {
                finish(client, request, response, body);
            }
        } finally {
            if (counted) {
                crowd.give(address, 1);
            }
            inFlight.leave();
            body.leave();
        }
    }

    /**
     * Removes headers that nothing here reads but libraries parse: springdoc stores a document per language, Tomcat
     * refuses more than ten, and Spring fails on a wildcard as the type of a body that is not there.
     */
    private static void removeUnused(Request request) {
        MimeHeaders headers = request.getCoyoteRequest().getMimeHeaders();
        headers.removeHeader("Accept-Language");
        // A malformed request line has no method.
        if ("GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod())) {
            headers.removeHeader("Content-Type");
        }
    }

    /**
     * Reads a body that is on its way anyway, so that a client that sends before it reads sees the refusal instead of a
     * reset; no longer than {@link #LINGER}, since the thread is wanted.
     */
    private static void linger(Request request, PacedBody body) {
        SocketWrapperBase<?> connection = AttentiveProtocol.connection(request.getCoyoteRequest());
        if (connection == null) {
            return;
        }
        connection.setReadTimeout(LINGER.toMillis());
        try {
            body.drain(LINGER);
        } catch (IOException e) {
            log.debug("a refused body did not come at once", e);
        }
    }

    private static int threads(Request request) {
        return request.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> http
                ? http.getMaxThreads()
                : Integer.MAX_VALUE;
    }

    private static boolean isRead(Request request) {
        AtomicBoolean read = new AtomicBoolean();
        request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
        return read.get();
    }

    /** Reads the rest of a body at its required pace. Tomcat would read it without a time limit. */
    private void finish(Client client, Request request, Response response, PacedBody body) throws IOException {
        long most = request.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> http
                ? http.getMaxSwallowSize()
                : 0;
        boolean refusedBeforeSent = request.getCoyoteRequest().hasExpectation() && response.getStatus() >= 300;
        if (refusedBeforeSent || isRead(request)) {
            return;
        }
        response.finishResponse();
        if (client.isCrowdedOut() && most != 0) {
            String address = Client.nameOf(request);
            if (lingering.take(address, 1, MOST_LINGERING, threads(request))) {
                try {
                    linger(request, body);
                } finally {
                    lingering.give(address, 1);
                }
            }
        }
        if (most == 0 || client.isCrowdedOut()) {
            response.getCoyoteResponse().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
            return;
        }
        try {
            if (body.drain(most < 0 ? Long.MAX_VALUE / 2 : most)) {
                return;
            }
        } catch (IOException e) {
            container.getLogger().debug("the rest of a body cannot be read", e);
        }
        int answered = response.getStatus();
        response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
        // Tomcat makes a 500 of it, of an answer that is complete.
        response.getCoyoteResponse().setStatus(answered);
    }
}
