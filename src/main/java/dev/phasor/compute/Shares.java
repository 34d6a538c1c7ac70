package dev.phasor.compute;

import java.util.HashMap;
import java.util.Map;

/** What each client holds of something that all share. */
final class Shares {

    private final Map<String, Long> held = new HashMap<>();

    /**
     * Takes it all or nothing.
     *
     * @param most that one client may hold
     * @return whether it was taken
     */
    synchronized boolean take(String client, long count, long most) {
        long now = held.getOrDefault(client, 0L) + count;
        if (now > most) {
            return false;
        }
        held.put(client, now);
        return true;
    }

    synchronized long held(String client) {
        return held.getOrDefault(client, 0L);
    }

    synchronized void give(String client, long count) {
        held.computeIfPresent(client, (name, now) -> now == count ? null : now - count);
    }
}
