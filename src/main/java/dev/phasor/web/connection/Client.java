package dev.phasor.web.connection;

import dev.phasor.compute.BusyException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.Principal;
import org.apache.catalina.connector.Request;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/** Who waits for an answer, as far as the connection tells. Used by the request's own thread. */
public final class Client {

    private static final String ATTRIBUTE = Client.class.getName();

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final org.apache.coyote.Request request;
    private final @Nullable SocketWrapperBase<?> connection;
    private final InFlight inFlight;
    private final boolean crowdedOut;
    private @Nullable IOException loss;

    private Client(org.apache.coyote.Request request, InFlight inFlight, boolean crowdedOut) {
        this.crowdedOut = crowdedOut;
        this.request = request;
        this.connection = AttentiveProtocol.connection(request);
        this.inFlight = inFlight;
    }

    /** That of a request which passed {@link ClientValve}. */
    public static Client of(ServletRequest request) {
        @Nullable Object client = request.getAttribute(ATTRIBUTE);
        if (client instanceof Client known) {
            return known;
        }
        throw new IllegalStateException("the request did not pass the valve");
    }

    static Client remember(Request request, InFlight inFlight, boolean crowdedOut) {
        Client client = new Client(request.getCoyoteRequest(), inFlight, crowdedOut);
        request.setAttribute(ATTRIBUTE, client);
        return client;
    }

    /** Whether its address holds as many threads as it may. */
    public boolean isCrowdedOut() {
        return crowdedOut;
    }

    /** Whose request it is, where what one may hold is counted: its key's, or without one its address's. */
    public static String nameOf(HttpServletRequest request) {
        @Nullable Principal key = request.getUserPrincipal();
        return key == null ? "address " + Addresses.network(request.getRemoteAddr()) : "key " + key.getName();
    }

    /**
     * Whether the connection has ended, or the client's half of it, which few close who still wait for an answer. Who
     * has sent more than the connection's own buffer of what is not read yet is there still.
     *
     * @throws BusyException if the service ends, and this request's time with it
     */
    public boolean gone() {
        if (inFlight.isEnding()) {
            throw new BusyException("the service is stopping");
        }
        if (connection == null) {
            return false;
        }
        try {
            // What comes stays in the connection's own buffer, where the next read finds it.
            // The container's own question, AVAILABLE, moves the buffer that a next request may stand in.
            connection.read(false, NOTHING);
            return isReset(connection);
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Whether the other side broke the connection off. Who reads learns of it behind what is not read yet; the system
     * tells at once who waits for a connection that is there to be made: such a wait ends in an error only.
     */
    private static boolean isReset(SocketWrapperBase<?> connection) throws IOException {
        if (!(connection.getSocket() instanceof NioChannel channel)) {
            return false;
        }
        Selector selector;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            return false; // no file is left to look with, which says nothing of the client
        }
        try (Selector errors = selector) {
            channel.getIOChannel().register(errors, SelectionKey.OP_CONNECT);
            return errors.selectNow() > 0;
        }
    }

    /**
     * Why the connection was lost in the middle of an answer, of which its status tells nothing.
     *
     * @return a {@link java.net.SocketTimeoutException} where the reader was too slow, null where the answer came to
     *     its end
     */
    public static @Nullable IOException lossOf(ServletRequest request, ServletResponse response) {
        if (!response.isCommitted() || !(request.getAttribute(ATTRIBUTE) instanceof Client client)) {
            return null;
        } else if (client.loss != null) {
            return client.loss;
        }
        // What the container itself could not write: the end of the answer.
        return client.request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof IOException e ? e : null;
    }

    /** Notes why an answer cannot go on, and closes the connection: the first reason is the true one. */
    void lose(IOException reason) {
        if (loss == null) {
            loss = reason;
            request.action(ActionCode.CLOSE_NOW, reason);
        }
    }
}
