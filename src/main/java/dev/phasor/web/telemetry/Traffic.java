package dev.phasor.web.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** Counts requests and their bytes by the name of their key. */
final class Traffic {

    private final MeterRegistry registry;

    /** Registers the counters of cut responses, so that they start at 0. */
    Traffic(MeterRegistry registry) {
        this.registry = registry;
        answersCut(RequestLines.SLOW_READER);
        answersCut(RequestLines.CLIENT_LEFT);
    }

    /**
     * Counts a request. The names of keys come from the settings, so the meters stay few.
     *
     * @param cut why the response was cut, or null
     */
    void count(String key, String status, @Nullable String cut, long received, long sent) {
        Counter.builder("phasor.requests")
                .description("Requests answered")
                .tag("key", key)
                .tag("status", cut == null ? status : "cut")
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
