package dev.phasor.job;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Where jobs are kept, and how many.
 *
 * @param enabled whether {@code Prefer: respond-async} makes a job; without it the preference is passed over
 * @param folder of bodies, answers and kept states, and of H2's file; shared by all replicas; by default
 *     {@code .phasor/jobs} in the home of the user
 * @param databaseUrl JDBC URL of PostgreSQL; none for H2 in a file of the folder, which one process at a time can use
 * @param parallel jobs that one process runs at once
 * @param queue jobs that have not ended, of all; past it 503
 * @param ofClient jobs that have not ended, of one client; past it 429
 * @param bytes of bodies and answers that are kept, of all; past it 503
 * @param bytesOfClient the same of one client; past it 429
 * @param maxUpload bytes of a job's body; past it 413
 * @param days that an ended job is kept
 * @param lease seconds without a sign of life after which another process takes a job over, at least 8
 * @param checkpoint seconds of computing between two writes of an iteration's state, 0 for none
 * @param timeout seconds that a job may be computed; past it it fails
 * @param attempts times that a job is begun; one that ends its process each time fails then
 * @param turn seconds that a job runs before it gives its place to one of a client of whom none runs
 * @param watchers connections that may watch events at once; past it 503
 */
@Validated
@ConfigurationProperties("phasor.jobs")
public record JobSettings(
        @DefaultValue("true") boolean enabled,
        @Nullable Path folder,
        @Nullable String databaseUrl,
        @DefaultValue("phasor") String databaseUser,
        @DefaultValue("") String databasePassword,
        @DefaultValue("2") @Min(1) @Max(256) int parallel,
        @DefaultValue("10000") @Min(1) @Max(10_000_000) int queue,
        @DefaultValue("1000") @Min(1) @Max(10_000_000) int ofClient,
        @DefaultValue("64GB") DataSize bytes,
        @DefaultValue("16GB") DataSize bytesOfClient,
        @DefaultValue("8GB") DataSize maxUpload,
        @DefaultValue("7") @Min(1) @Max(3650) int days,
        @DefaultValue("30") @Min(8) @Max(3600) int lease,
        @DefaultValue("30") @Min(0) @Max(86_400) int checkpoint,
        @DefaultValue("86400") @Min(1) @Max(2_592_000) int timeout,
        @DefaultValue("10") @Min(1) @Max(1000) int attempts,
        @DefaultValue("60") @Min(1) @Max(86_400) int turn,
        @DefaultValue("64") @Min(1) @Max(10_000) int watchers) {

    Path place() {
        return folder == null ? Path.of(System.getProperty("user.home"), ".phasor", "jobs") : folder;
    }

    boolean isEmbedded() {
        return databaseUrl == null || databaseUrl.isBlank();
    }

    Duration keepFor() {
        return Duration.ofDays(days);
    }

    /** db-scheduler takes an execution for dead after four missed heartbeats, and looks at every second one. */
    Duration heartbeat() {
        return Duration.ofMillis(1000L * lease / 8);
    }

    /** The name and the password are nobody's to read. */
    @Override
    public String toString() {
        return "jobs in " + place();
    }
}
