package dev.phasor.web.connection;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.SmartLifecycle;

/**
 * Counts the requests in flight. When the service stops and its shutdown timeout is over, requests in computation are
 * answered 503, and the log tells how many were cut.
 */
public final class InFlight implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(InFlight.class);

    private final Duration lastWords;
    private int count;
    private boolean running;
    private volatile boolean ending;

    /** @param lastWords how long {@link #stop} waits for the 503 responses */
    InFlight(Duration lastWords) {
        this.lastWords = lastWords;
    }

    /** A request begins. */
    public synchronized void enter() {
        count++;
    }

    /** A request has ended. */
    public synchronized void leave() {
        count--;
        notifyAll();
    }

    /** Whether the service no longer waits for what runs. */
    public boolean isEnding() {
        return ending;
    }

    /** May be called again after {@link #stop}. */
    @Override
    public synchronized void start() {
        running = true;
        ending = false;
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    /** Orders {@link #stop} after the server's graceful shutdown and before the server closes its connections. */
    @Override
    public int getPhase() {
        return WebServerGracefulShutdownLifecycle.SMART_LIFECYCLE_PHASE - 1;
    }

    @Override
    public synchronized void stop() {
        running = false;
        ending = true;
        int late = count;
        long end = System.nanoTime() + lastWords.toNanos();
        try {
            for (long left = lastWords.toMillis();
                    count > 0 && left > 0;
                    left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (late > 0) {
            log.warn(
                    "the service ends with {} requests that ran longer than it waits"
                            + " (spring.lifecycle.timeout-per-shutdown-phase): {} were told so, {} are cut",
                    late,
                    late - count,
                    count);
        }
    }
}
