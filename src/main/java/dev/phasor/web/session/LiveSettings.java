package dev.phasor.web.session;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of live sessions.
 *
 * @param sessions sessions at once; past it {@code busy}
 * @param sessionsOfClient sessions of one client at once; past it {@code busy}
 * @param buffer bytes of a message that are read, and of an answer that are sent, at once, at most 256 KB; messages may
 *     be longer
 * @param frameWork the most work of a frame of {@code reconstruct}, or of all that a hop of {@code stretch} becomes:
 *     values passed over, some 10 ns each; others wait while it is done
 * @param memoryShare percent of what all requests may hold that live sessions may hold together; past it {@code busy}
 * @param idle seconds without a message after which a session ends
 * @param longest seconds after which a session ends
 * @param sendWait seconds that a client may take to read what is sent; then its session ends
 * @param grace seconds that sessions have to end after SIGTERM; then they are closed
 */
@Validated
@ConfigurationProperties("phasor.live")
public record LiveSettings(
        @DefaultValue("32") @Min(0) @Max(10_000) int sessions,
        @DefaultValue("16") @Min(1) @Max(10_000) int sessionsOfClient,
        @DefaultValue("64KB") DataSize buffer,

        @DefaultValue("20000000") @Min(1) @Max(1_000_000_000_000L)
        long frameWork,

        @DefaultValue("50") @Min(1) @Max(100) int memoryShare,
        @DefaultValue("60") @Min(1) @Max(86_400) int idle,
        @DefaultValue("3600") @Min(1) @Max(604_800) int longest,
        @DefaultValue("10") @Min(1) @Max(3600) int sendWait,
        @DefaultValue("30") @Min(0) @Max(3600) int grace) {

    /** At least one sample. */
    public int bufferBytes() {
        return (int) Math.max(1024, Math.min(1 << 18, buffer.toBytes()));
    }
}
