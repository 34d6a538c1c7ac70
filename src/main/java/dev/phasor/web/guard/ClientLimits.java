package dev.phasor.web.guard;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What one client may hold at once: all who come with one key, or without one from one address.
 *
 * @param memoryShare the part, in percent, of what all requests may hold; past it 503
 * @param streams sound files that flow; past it 503
 */
@Validated
@ConfigurationProperties("phasor.client")
public record ClientLimits(
        @DefaultValue("80") @Min(1) @Max(100) int memoryShare,
        @DefaultValue("6") @Min(1) @Max(10_000) int streams) {}
