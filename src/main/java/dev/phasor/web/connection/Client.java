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

/** The client of a request, as seen through its connection. Only the thread that works for it uses it. */
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

    /**
     * The client of a request.
     *
     * @throws IllegalStateException if the request did not pass {@link ClientValve}
     */
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

    /** Whether the client's address already holds its share of the threads. */
    public boolean isCrowdedOut() {
        return crowdedOut;
    }

    /** The name under which the shares of a request's client are counted: its key, or without a key its address. */
    public static String nameOf(HttpServletRequest request) {
        @Nullable Principal key = request.getUserPrincipal();
        return nameOf(key, request.getRemoteAddr());
    }

    /** {@link #nameOf(HttpServletRequest)} of a call that another protocol brought. */
    public static String nameOf(@Nullable Principal key, String address) {
        return key == null ? "address " + Addresses.network(address) : "key " + key.getName();
    }

    /**
     * {@link #hasLeft}, of a request.
     *
     * @throws BusyException if the service is stopping and no longer waits for this request
     */
    public boolean gone() {
        if (inFlight.isEnding()) {
            throw new BusyException("the service is stopping");
        }
        return hasLeft();
    }

    /**
     * Whether the client has closed the connection or its sending half: few clients close that half and still wait for
     * a response. A client with more unread bytes than the connection's buffer holds counts as present until it resets
     * the connection. On the thread that reads the connection.
     */
    public boolean hasLeft() {
        if (connection == null) {
            return false;
        }
        try {
            // Received bytes stay in the connection's buffer for the next read.
            // Tomcat's own check, ActionCode.AVAILABLE, moves the buffer, which may hold the next request.
            connection.read(false, NOTHING);
            return isReset(connection);
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Whether the client reset the connection. A read reports a reset only after all unread bytes. A selector reports
     * it at once: on an established connection OP_CONNECT becomes ready only for an error.
     */
    private static boolean isReset(SocketWrapperBase<?> connection) throws IOException {
        if (!(connection.getSocket() instanceof NioChannel channel)) {
            return false;
        }
        Selector selector;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            return false; // no file descriptor is free, which says nothing about the client
        }
        try (Selector errors = selector) {
            channel.getIOChannel().register(errors, SelectionKey.OP_CONNECT);
            return errors.selectNow() > 0;
        }
    }

    /**
     * Why a response was cut after its status was sent.
     *
     * @return a {@link java.net.SocketTimeoutException} if the client read too slowly; null if the response is complete
     *     or not yet committed
     */
    public static @Nullable IOException lossOf(ServletRequest request, ServletResponse response) {
        if (!response.isCommitted() || !(request.getAttribute(ATTRIBUTE) instanceof Client client)) {
            return null;
        } else if (client.loss != null) {
            return client.loss;
        }
        // Tomcat writes the end of the response itself, and keeps the error here.
        return client.request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof IOException e ? e : null;
    }

    /** Closes the connection and keeps the first reason why the response cannot continue. */
    void lose(IOException reason) {
        if (loss == null) {
            loss = reason;
            request.action(ActionCode.CLOSE_NOW, reason);
        }
    }
}
