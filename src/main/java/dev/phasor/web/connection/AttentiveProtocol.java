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
 * HTTP/1.1 as the container has it, which says of each request on which connection it came, and gives up a head that
 * comes too slowly: the container waits for the next byte, as long as there is one, for ever.
 */
public final class AttentiveProtocol extends Http11NioProtocol {

    /** The containers' own notes are the first. */
    private static final int CONNECTION = 31;

    private long headNanos = Long.MAX_VALUE;
    private @Nullable Long writeMillis;

    /** The connection that a request came on, or null where another protocol stands before it. */
    static @Nullable SocketWrapperBase<?> connection(Request request) {
        return (SocketWrapperBase<?>) request.getNote(CONNECTION);
    }

    /** To be called before it starts. */
    void limit(ConnectionLimits limits) {
        setMaxConnections(limits.mostConnections());
        headNanos = limits.headTime().toNanos();
        writeMillis = limits.answerTime().toMillis();
    }

    @Override
    protected Processor createProcessor() {
        return new Attentive(this, getAdapter());
    }

    private final class Attentive extends Http11Processor {

        /** The connection of which half a head is read. */
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
