package dev.phasor.web.connection;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of connections. {@link Limits#bodyWait} and {@link Limits#bodyRate} set the pace of their request bodies.
 *
 * @param most the most connections at once on each port; 0 means one per megabyte of heap, at most 8192
 * @param headWait seconds from a request's first byte to the end of its head; then the connection is closed
 * @param answerWait seconds of waiting for the client to read that make one window of {@code answerRate}; also the
 *     write timeout
 * @param answerRate bytes per second that a client must read in each window; the response of a slower client is cut
 * @param sendBuffer bytes of a response in the system's send buffer; a smaller buffer reveals a slow reader sooner
 * @param memoryShare percent of the memory of all requests that one request may hold; a larger request is answered 413
 */
@Validated
@ConfigurationProperties("phasor.connection")
public record ConnectionLimits(
        @DefaultValue("0") @Min(0) @Max(1_000_000) int most,
        @DefaultValue("20") @Min(1) @Max(86_400) int headWait,
        @DefaultValue("60") @Min(1) @Max(86_400) int answerWait,
        @DefaultValue("4KB") DataSize answerRate,
        @DefaultValue("256KB") DataSize sendBuffer,
        @DefaultValue("50") @Min(1) @Max(100) int memoryShare) {

    /**
     * A connection with a partly read head takes up to 60 KB of heap, which no request has reserved. 8192 is Tomcat's
     * default.
     */
    public int mostConnections() {
        return most > 0 ? most : (int) Math.min(8192, Runtime.getRuntime().maxMemory() >> 20);
    }

    Duration headTime() {
        return Duration.ofSeconds(headWait);
    }

    Duration answerTime() {
        return Duration.ofSeconds(answerWait);
    }
}
