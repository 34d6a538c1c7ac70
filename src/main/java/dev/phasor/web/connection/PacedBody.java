package dev.phasor.web.connection;

import dev.phasor.compute.Limits;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.coyote.InputBuffer;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * A request body that is cut if it arrives too slowly. A body holds a thread while it arrives, and a few hundred slow
 * bodies would occupy all threads. Only the time spent waiting for the client counts.
 */
final class PacedBody implements InputBuffer {

    private final Request request;
    private final InputBuffer body;
    private final Pace pace;
    private boolean givenUp;
    private long received;

    /** Replaces the request's input buffer until {@link #leave}. */
    PacedBody(Request request, Limits limits) {
        this.request = request;
        this.body = request.getInputBuffer();
        this.pace = new Pace(limits.bodyWait(), limits.bodyRate());
        request.setInputBuffer(this);
    }

    void leave() {
        request.setInputBuffer(body);
    }

    long received() {
        return received;
    }

    /** @throws SocketTimeoutException if the body is too slow; Tomcat answers 408 */
    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
        long start = System.nanoTime();
        try {
            int count = body.doRead(handler);
            received += Math.max(0, count);
            if (count >= 0) {
                pace.count(System.nanoTime() - start, count);
            }
            return count;
        } catch (SocketTimeoutException e) {
            givenUp = true;
            throw e;
        }
    }

    @Override
    public int available() {
        return body.available();
    }

    /**
     * Reads and discards the rest of the body, so that the client receives its response instead of a reset.
     *
     * @param most bytes to read
     * @return whether the body ended within them
     */
    boolean drain(long most) throws IOException {
        Discarded rest = new Discarded();
        for (long end = received + most; received <= end; ) {
            if (givenUp) {
                return false;
            }
            if (request.doRead(rest) < 0) {
                return true;
            }
        }
        return false;
    }

    /** Reads and discards what comes of the body within so long; a single read takes up to the read timeout more. */
    void drain(Duration atMost) throws IOException {
        Discarded rest = new Discarded();
        long end = System.nanoTime() + atMost.toNanos();
        while (!givenUp && System.nanoTime() < end && request.doRead(rest) >= 0) {}
    }

    private static final class Discarded implements ApplicationBufferHandler {

        private @Nullable ByteBuffer buffer;

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public @Nullable ByteBuffer getByteBuffer() {
            return buffer;
        }

        @Override
        public void expand(int size) {}
    }
}
