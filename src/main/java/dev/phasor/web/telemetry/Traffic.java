package dev.phasor.web.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** Requests and their bytes, by the name of the key that they came with. */
final class Traffic {

    /** Stands for the key of a request that came without one, or with a wrong one. */
    static final String NO_KEY = "none";

    static final String SLOW_READER = "slow_reader";
    static final String CLIENT_LEFT = "client_left";

    private final MeterRegistry registry;

    /** Counts cut answers from 0 on. */
    Traffic(MeterRegistry registry) {
        this.registry = registry;
        answersCut(SLOW_READER);
        answersCut(CLIENT_LEFT);
    }

    /**
     * Counts one. Keys' names are the settings' and few, so that the meters stay few.
     *
     * @param cut why the answer did not come to its end, or null
     */
    void count(String key, int status, @Nullable String cut, long received, long sent) {
        Counter.builder("phasor.requests")
                .description("Requests answered")
                .tag("key", key)
                .tag("status", cut == null ? String.valueOf(status) : "cut")
                .register(registry)
                .increment();
        if (cut != null) {
            answersCut(cut).increment();
        }
        bytes("phasor.received", "Bytes of request bodies read", key, received);
        bytes("phasor.sent", "Bytes of answers' bodies written", key, sent);
    }

    private Counter answersCut(String reason) {
        return Counter.builder("phasor.answers.cut")
                .description("Answers that did not come to their end")
                .tag("reason", reason)
                .register(registry);
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
