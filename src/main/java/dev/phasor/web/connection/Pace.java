package dev.phasor.web.connection;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/**
 * The pace that a client must keep: so many bytes in each window of the time that is spent waiting for it. Since the
 * start it would count what a client has sent at once, and let it rest on that for hours. Used by one thread.
 */
final class Pace {

    private final long window;
    private final double least;
    private long waited;
    private long moved;

    /**
     * @param seconds of the window
     * @param rate bytes a second
     */
    Pace(int seconds, DataSize rate) {
        this.window = TimeUnit.SECONDS.toNanos(seconds);
        this.least = (double) rate.toBytes() / TimeUnit.SECONDS.toNanos(1);
    }

    /**
     * Counts one wait.
     *
     * @throws SocketTimeoutException if a window is over and brought too few bytes
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
