package dev.phasor.web.connection;

import java.io.IOException;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP/1.1 protocol, extended. It attaches the connection to each request and sets the connection's write
 * timeout. It closes a connection whose request head takes too long: Tomcat's own timeout starts again with each byte.
 */
public final class AttentiveProtocol extends Http11NioProtocol {

    /** The index of the request note that holds the connection: the last of 32. Tomcat uses the first ones. */
    private static final int CONNECTION = 31;

    private final SharedEndpoint endpoint;
    private long headNanos = Long.MAX_VALUE;
    private @Nullable Long writeMillis;

    public AttentiveProtocol() {
        this(new SharedEndpoint());
    }

    private AttentiveProtocol(SharedEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    /** The connection of a request, or null if another protocol handler received it. */
    static @Nullable SocketWrapperBase<?> connection(Request request) {
        return (SocketWrapperBase<?>) request.getNote(CONNECTION);
    }

    /** Applies the limits. It must be called before the protocol starts. */
    void limit(ConnectionLimits limits, int share) {
        endpoint.share(share);
        setMaxConnections(limits.mostConnections());
        headNanos = limits.headTime().toNanos();
        writeMillis = limits.answerTime().toMillis();
    }

    @Override
    protected Processor createProcessor() {
        return new Attentive(this, getAdapter());
    }

    private final class Attentive extends Http11Processor {

        /** The connection whose request head has been read in part, or null. */
        private @Nullable SocketWrapperBase<?> half;

        private long began;

        private Attentive(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
            super(protocol, adapter);
        }

        @Override
        public SocketState service(SocketWrapperBase<?> connection) throws IOException {
            if (half != connection) {
                began = System.nanoTime();
            } else if (System.nanoTime() - began > headNanos) {
                return SocketState.CLOSED;
            }
            getRequest().setNote(CONNECTION, connection);
            if (writeMillis != null) {
                connection.setWriteTimeout(writeMillis);
            }
            SocketState state = super.service(connection);
            half = state == SocketState.LONG && !isAsync() ? connection : null;
            return state;
        }
    }
}
