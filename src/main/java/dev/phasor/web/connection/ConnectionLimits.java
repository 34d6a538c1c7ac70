package dev.phasor.web.connection;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What one connection may take. {@link Limits#bodyWait} and {@link Limits#bodyRate} hold its bodies to a pace.
 *
 * @param most connections at once, on each port; 0 for one per half a megabyte of heap, at most 8192
 * @param headWait seconds from a request's first byte to the end of its head; past it the connection is closed
 * @param answerWait seconds that an answer may wait for its reader until bytes are counted: the window of
 *     {@code answerRate}
 * @param answerRate the bytes a second that a reader must take in each window; of one that takes fewer the answer is
 *     cut
 * @param sendBuffer bytes that the system holds of an answer for its reader, so that what it takes is seen as it takes
 *     it
 * @param memoryShare the part, in percent, of what all requests may hold that one request may hold; past it 413
 */
@Validated
@ConfigurationProperties("phasor.connection")
public record ConnectionLimits(
        @DefaultValue("0") @Min(0) @Max(1_000_000) int most,
        @DefaultValue("20") @Min(1) @Max(86_400) int headWait,
        @DefaultValue("60") @Min(1) @Max(86_400) int answerWait,
        @DefaultValue("4KB") DataSize answerRate,
        @DefaultValue("256KB") DataSize sendBuffer,
        @DefaultValue("60") @Min(1) @Max(100) int memoryShare) {

    /** One that has begun a head takes up to 60 KB of heap, which no request has reserved. */
    int mostConnections() {
        return most > 0 ? most : (int) Math.min(8192, Runtime.getRuntime().maxMemory() >> 19);
    }

    Duration headTime() {
        return Duration.ofSeconds(headWait);
    }

    Duration answerTime() {
        return Duration.ofSeconds(answerWait);
    }
}
