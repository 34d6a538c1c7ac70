package dev.phasor.web.access;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Who may call, and how much.
 *
 * @param keys the SHA-256 of each key in hex, by the key's name; a service without keys serves this machine alone,
 *     unless {@code open} is true
 * @param open whether the service may be bound to more than loopback without a key
 * @param allowedOrigins the web origins whose scripts may call, {@code *} for all; an empty list sends no CORS headers
 * @param allowedHosts the names under which a service without a key may be called on loopback, besides localhost and
 *     its addresses
 * @param requestsPerMinute requests that one key may make in a minute, even in one burst
 * @param bytesPerDay bytes that one key may send and receive together in a day (UTC)
 */
@Validated
@ConfigurationProperties("phasor.security")
record AccessSettings(
        @DefaultValue Map<String, String> keys,
        @DefaultValue("false") boolean open,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue List<String> allowedHosts,

        @DefaultValue("6000") @Min(1) @Max(AccessSettings.MOST_REQUESTS)
        int requestsPerMinute,

        @DefaultValue("100GB") DataSize bytesPerDay) {

    static final int MOST_REQUESTS = 60_000_000;

    /** For a key that may ask as often as it likes. */
    AccessSettings unlimited() {
        return new AccessSettings(keys, open, allowedOrigins, allowedHosts, MOST_REQUESTS, bytesPerDay);
    }
}
