package dev.phasor.web.connection;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.SmartLifecycle;

/**
 * The requests that are being answered. When the service ends and the time that it waits for them is up, those that are
 * computed are answered 503, and the log says how many were cut.
 */
final class InFlight implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(InFlight.class);

    private final Duration lastWords;
    private int count;
    private boolean running;
    private volatile boolean ending;

    /** @param lastWords the time for the 503 */
    InFlight(Duration lastWords) {
        this.lastWords = lastWords;
    }

    synchronized void enter() {
        count++;
    }

    synchronized void leave() {
        count--;
        notifyAll();
    }

    boolean isEnding() {
        return ending;
    }

    /** Also after a {@link #stop}. */
    @Override
    public synchronized void start() {
        running = true;
        ending = false;
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    /** After the server has waited for what runs, and before it closes the connections. */
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
