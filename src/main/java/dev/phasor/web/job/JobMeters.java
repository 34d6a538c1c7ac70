package dev.phasor.web.job;

import dev.phasor.job.Jobs;
import dev.phasor.job.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;

/** The jobs in each state, of all processes that share the database. One question serves a whole reading of meters. */
final class JobMeters implements MeterBinder {

    private static final long FRESH = 2_000_000_000L;

    private final Jobs jobs;
    private Map<State, Long> counts = Map.of();
    private long asked = System.nanoTime() - FRESH;

    JobMeters(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (State state : State.values()) {
            Gauge.builder("phasor.jobs", this, meters -> meters.count(state))
                    .description("Jobs that are kept")
                    .tag("state", state.wireName())
                    .register(registry);
        }
    }

    private synchronized double count(State state) {
        if (System.nanoTime() - asked >= FRESH) {
            counts = jobs.counts();
            asked = System.nanoTime();
        }
        return counts.getOrDefault(state, 0L);
    }
}
