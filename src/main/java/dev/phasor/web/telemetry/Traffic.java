package dev.phasor.web.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Requests and their bytes, by the name of the key that they came with. */
final class Traffic {

    /** Stands for the key of a request that came without one, or with a wrong one. */
    static final String NO_KEY = "none";

    private final MeterRegistry registry;

    Traffic(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Keys' names are the settings' and few, so that the meters stay few. */
    void count(String key, int status, long received, long sent) {
        Counter.builder("phasor.requests")
                .description("Requests answered")
                .tag("key", key)
                .tag("status", String.valueOf(status))
                .register(registry)
                .increment();
        bytes("phasor.received", "Bytes of request bodies read", key, received);
        bytes("phasor.sent", "Bytes of answers' bodies written", key, sent);
    }

    private void bytes(String name, String description, String key, long count) {
        Counter.builder(name)
                .description(description)
                .baseUnit("bytes")
                .tag("key", key)
                .register(registry)
                .increment(count);
    }
}
