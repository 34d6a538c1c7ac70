package dev.phasor.web.grpc;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of gRPC calls. Address, port, keepalive and the ages of connections are Spring Boot's settings.
 *
 * @param calls calls at once, each of which holds one thread at most; past it {@code UNAVAILABLE}
 * @param callsOfConnection calls at once on one connection; a client waits with the next
 * @param otherCalls calls at once of all methods but those of inference, watchers of the health among them; past it
 *     {@code UNAVAILABLE}
 * @param idle seconds that a stream may bring nothing; then it is ended
 */
@Validated
@ConfigurationProperties("phasor.grpc")
record GrpcSettings(
        @DefaultValue("200") @Min(1) @Max(10_000) int calls,
        @DefaultValue("100") @Min(1) @Max(10_000) int callsOfConnection,
        @DefaultValue("500") @Min(1) @Max(10_000) int otherCalls,
        @DefaultValue("60") @Min(1) @Max(86_400) int idle) {}
