package dev.phasor.web.telemetry;

import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Observer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Meters of operations: the time of their stages, and counts from their reports. */
public final class ComputeMeters implements Observer {

    /** The stages of a request. */
    public enum Stage {
        /** Reading and parsing the body. */
        DECODE,
        /** The operation itself. */
        COMPUTE,
        /** Writing the response. */
        ENCODE;

        private final String label = name().toLowerCase(java.util.Locale.ROOT);
    }

    private static final String NO_ALGORITHM = "none";

    private final MeterRegistry registry;

    ComputeMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Meters that nobody reads. */
    public static ComputeMeters unheard() {
        return new ComputeMeters(new SimpleMeterRegistry());
    }

    /**
     * Records the time of a stage that succeeded.
     *
     * @param start {@link System#nanoTime} when the stage began
     * @param report the operation's report, empty before it has run; its {@code algorithm} is a label
     */
    public void stage(String operation, Stage stage, long start, Map<String, Object> report) {
        Timer.builder("phasor.compute")
                .description("Time of an operation's stages")
                .tag("operation", operation)
                .tag("stage", stage.label)
                .tag("algorithm", String.valueOf(report.getOrDefault("algorithm", NO_ALGORITHM)))
                .register(registry)
                .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }

    /** Records the time of an operation, and the singular bins and saturated gradients of its report. */
    @Override
    public void computed(Endpoint endpoint, long start, Map<String, Object> report) {
        String operation = endpoint.wireName();
        stage(operation, Stage.COMPUTE, start, report);
        count("phasor.bins.singular", "Bins below the floor", operation, report.get("singular_bins"));
        count("phasor.gradients.saturated", "Components cut at the largest float", operation, report.get("saturated"));
    }

    /** Counts samples that a PCM encoding clipped. */
    public void clipped(String operation, long samples) {
        count("phasor.samples.clipped", "Samples cut by a PCM encoding", operation, samples);
    }

    private void count(String name, String description, String operation, @Nullable Object number) {
        if (number instanceof Number count) {
            Counter.builder(name)
                    .description(description)
                    .tag("operation", operation)
                    .register(registry)
                    .increment(count.doubleValue());
        }
    }
}
