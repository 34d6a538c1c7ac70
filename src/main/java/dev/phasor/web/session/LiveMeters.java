package dev.phasor.web.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Meters of live sessions: the time of what is fed, what was late, and how sessions ended. */
final class LiveMeters {

    private final MeterRegistry registry;

    LiveMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * @param nanos of computing what came at once, without sending it
     * @param seconds how long what came lasts; 0 where no sample rate was told
     */
    void computed(String operation, long nanos, double seconds) {
        Timer.builder("phasor.live.push")
                .description("Time of computing what a live session was fed at once")
                .tag("operation", operation)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
        if (seconds > 0 && nanos > 1e9 * seconds) {
            Counter.builder("phasor.live.late")
                    .description("Feeds that took longer to compute than they last")
                    .tag("operation", operation)
                    .register(registry)
                    .increment();
        }
    }

    void ended(String reason) {
        Counter.builder("phasor.live.ended")
                .description("Live sessions that ended")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }
}
