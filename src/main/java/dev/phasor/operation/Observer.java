package dev.phasor.operation;

import java.util.Map;

/** Hears of every operation that went well. */
@FunctionalInterface
public interface Observer {

    /**
     * @param start {@link System#nanoTime} when it began
     * @param report the answer's
     */
    void computed(Endpoint endpoint, long start, Map<String, Object> report);
}
