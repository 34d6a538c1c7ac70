package dev.phasor.web.job;

import dev.phasor.job.Job;
import dev.phasor.job.Observer;
import dev.phasor.job.State;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Meters the jobs that end in this process. */
record EndedJobs(MeterRegistry registry) implements Observer {

    @Override
    public void ended(Job job, State state) {
        Timer.builder("phasor.jobs.ended")
                .description("Jobs that have ended, and the time since they were sent")
                .tag("operation", job.request().endpoint())
                .tag("state", state.wireName())
                .register(registry)
                .record(System.currentTimeMillis() - job.created(), TimeUnit.MILLISECONDS);
    }
}
