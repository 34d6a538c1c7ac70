package dev.phasor.web.connection;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/**
 * The pace that a client must keep: a number of bytes in each window of the time spent waiting for it. An average since
 * the start would let a client send much at once and then pause for hours. Used by one thread.
 */
final class Pace {

    private final long window;
    private final double least;
    private long waited;
    private long moved;

    /**
     * @param seconds the length of the window
     * @param rate the least bytes per second
     */
    Pace(int seconds, DataSize rate) {
        this.window = TimeUnit.SECONDS.toNanos(seconds);
        this.least = (double) rate.toBytes() / TimeUnit.SECONDS.toNanos(1);
    }

    /**
     * Counts one wait and the bytes that it brought.
     *
     * @throws SocketTimeoutException if a window ends with too few bytes
     */
    void count(long nanos, long bytes) throws IOException {
        waited += nanos;
        moved += bytes;
        if (waited < window) {
            return;
        }
        if (moved < least * waited) {
            throw new SocketTimeoutException(moved + " bytes in " + TimeUnit.NANOSECONDS.toMillis(waited) + " ms");
        }
        waited = 0;
        moved = 0;
    }
}
