package dev.phasor.compute;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of what one client may hold at once. A client is all requests with one key, or from one address without a key.
 *
 * @param memoryShare percent of the memory that other clients leave, out of the memory for all requests, and of the
 *     disk space for answers that wait there; past it 503
 * @param streams sound files that one client may stream at once; past it 503
 * @param queueShare percent of the places in a queue; past it 503
 * @param requestShare percent of a port's threads that other addresses leave, for the requests of one address, past it
 *     503; and of its connections, past it a new connection is closed
 */
@Validated
@ConfigurationProperties("phasor.client")
public record ClientLimits(
        @DefaultValue("50") @Min(1) @Max(100) int memoryShare,
        @DefaultValue("16") @Min(1) @Max(10_000) int streams,
        @DefaultValue("80") @Min(1) @Max(100) int queueShare,
        @DefaultValue("50") @Min(1) @Max(100) int requestShare) {

    /** The places of a queue that one client may take: at least one, unless the queue has none. */
    int places(int all) {
        return all == 0 ? 0 : Math.max(1, (int) ((long) all * queueShare / 100));
    }
}
