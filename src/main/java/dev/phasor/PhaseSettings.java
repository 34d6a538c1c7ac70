package dev.phasor;

import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/** @param kernel what computes the phase; one that cannot run here gives way to one that can */
@Validated
@ConfigurationProperties("phasor.phase")
record PhaseSettings(
        @DefaultValue("auto") @Pattern(regexp = "auto|java|vector|nd4j")
        String kernel) {}
