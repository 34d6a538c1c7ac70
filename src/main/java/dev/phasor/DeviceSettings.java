package dev.phasor;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param device what iterates beside the host: {@code auto} for a GPU, {@code off}, or a part of a device's name
 * @param deviceMemoryShare percent of the device's memory that computations may hold together
 * @param deviceRetry how long the host computes after the device failed
 */
@Validated
@ConfigurationProperties("phasor")
record DeviceSettings(
        @DefaultValue("auto") @NotBlank String device,
        @DefaultValue("70") @Min(1) @Max(95) int deviceMemoryShare,
        @DefaultValue("60s") Duration deviceRetry) {}
