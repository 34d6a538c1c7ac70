package dev.phasor.compute;

import java.util.HashMap;
import java.util.Map;

/**
 * How much each client holds of a shared resource. A client may hold a part of what the others leave, so no number of
 * clients together holds all of it.
 */
public final class Shares {

    private final Map<String, Long> held = new HashMap<>();
    private long all;

    /**
     * Takes all of {@code count} or nothing.
     *
     * @param part of {@code whole} that a client may hold alone; beside others it may hold the same ratio of what they
     *     leave, but at least 1
     * @return whether it was taken
     */
    public synchronized boolean take(String client, long count, long part, long whole) {
        long own = held.getOrDefault(client, 0L);
        if (own + count > most(part, whole, all - own)) {
            return false;
        }
        held.put(client, own + count);
        all += count;
        return true;
    }

    /** What one client may hold beside {@code others}, as {@link #take} says. */
    public static long most(long part, long whole, long others) {
        return Math.max(1, (long) ((double) part / whole * (whole - others)));
    }

    /** What all clients hold together. */
    synchronized long held() {
        return all;
    }

    public synchronized void give(String client, long count) {
        held.computeIfPresent(client, (name, now) -> now == count ? null : now - count);
        all -= count;
    }
}
