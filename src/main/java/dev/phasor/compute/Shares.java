package dev.phasor.compute;

import java.util.HashMap;
import java.util.Map;

/**
 * What each client holds of something that all share. A client may hold a part of what the others leave, so that no
 * number of clients together holds all.
 */
public final class Shares {

    private final Map<String, Long> held = new HashMap<>();
    private long all;

    /**
     * Takes it all or nothing.
     *
     * @param part of {@code whole} that one client alone may hold; of what others leave the same part, and 1 at least
     * @return whether it was taken
     */
    public synchronized boolean take(String client, long count, long part, long whole) {
        long own = held.getOrDefault(client, 0L);
        long left = whole - (all - own);
        if (own + count > Math.max(1, (long) ((double) part / whole * left))) {
            return false;
        }
        held.put(client, own + count);
        all += count;
        return true;
    }

    public synchronized void give(String client, long count) {
        held.computeIfPresent(client, (name, now) -> now == count ? null : now - count);
        all -= count;
    }
}
