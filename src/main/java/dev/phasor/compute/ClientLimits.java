package dev.phasor.compute;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What one client may hold at once: all who come with one key, or without one from one address.
 *
 * @param memoryShare the part, in percent, of what the others leave of what all requests may hold; past it 503
 * @param streams sound files that flow; past it 503
 * @param queueShare the part, in percent, of the places in a queue; past it 503
 * @param requestShare the part, in percent, of a port's threads that the requests of one address may hold, of those
 *     that the others leave; past it 503
 */
@Validated
@ConfigurationProperties("phasor.client")
public record ClientLimits(
        @DefaultValue("80") @Min(1) @Max(100) int memoryShare,
        @DefaultValue("6") @Min(1) @Max(10_000) int streams,
        @DefaultValue("80") @Min(1) @Max(100) int queueShare,
        @DefaultValue("80") @Min(1) @Max(100) int requestShare) {

    /** Of the places in a queue, those that one client may take: one at least, where there are any. */
    int places(int all) {
        return all == 0 ? 0 : Math.max(1, (int) ((long) all * queueShare / 100));
    }
}
