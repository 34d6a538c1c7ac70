package dev.phasor.web.guard.load;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much is computed at once, and for how long.
 *
 * @param timeout the longest that a request, once read, may wait and compute; a client's {@code timeout} may shorten it
 * @param computeThreads requests computed at once; 0 for as many as there are cores, at least 2
 * @param queue requests of each lane that may wait for their turn; past them the answer is 503
 * @param smallWork requests up to this size count as small; the others never hold every compute thread. The size is
 *     that of the decoded input times the passes over it, n_iter where an algorithm iterates
 */
@Validated
@ConfigurationProperties("phasor.limits")
public record LoadLimits(
        @DefaultValue("60s") @DurationMin(millis = 1) @DurationMax(days = 1) Duration timeout,
        @DefaultValue("0") @Min(0) @Max(1024) int computeThreads,
        @DefaultValue("16") @Min(0) @Max(10_000) int queue,
        @DefaultValue("8MB") DataSize smallWork) {

    /** {@link #computeThreads} as meant: one lane must not block the other, so there are always two. */
    int threads() {
        return computeThreads > 0 ? computeThreads : Math.max(2, Runtime.getRuntime().availableProcessors());
    }
}
