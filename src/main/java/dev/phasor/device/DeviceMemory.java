package dev.phasor.device;

import dev.phasor.signal.Cancellation;
import java.util.ArrayDeque;
import java.util.Deque;

/** The part of a device's memory that computations may hold. Who waits for it is served in order. */
final class DeviceMemory {

    private static final long BETWEEN_CHECKS_MS = 50;

    private final long most;
    private final Deque<Object> line = new ArrayDeque<>();
    private long held;

    DeviceMemory(long most) {
        this.most = most;
    }

    long most() {
        return most;
    }

    synchronized long held() {
        return held;
    }

    /** How many computations wait. */
    synchronized int waiting() {
        return line.size();
    }

    /**
     * Reserves memory, and waits for it.
     *
     * @param bytes at most {@link #most}
     * @throws java.util.concurrent.CancellationException if the work is no longer wanted
     */
    synchronized void take(long bytes) {
        Cancellation wanted = Cancellation.current();
        Object place = new Object();
        line.add(place);
        try {
            while (line.peek() != place || held + bytes > most) {
                wanted.check();
                wait(BETWEEN_CHECKS_MS);
            }
            held += bytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("interrupted while waiting for the device");
        } finally {
            line.remove(place);
            notifyAll();
        }
    }

    synchronized void giveBack(long bytes) {
        held -= bytes;
        notifyAll();
    }
}
