package dev.phasor;

import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/** @param kernel the phase kernel; a kernel that cannot run here is replaced by one that can */
@Validated
@ConfigurationProperties("phasor.phase")
record PhaseSettings(
        @DefaultValue("auto") @Pattern(regexp = "auto|java|vector|nd4j")
        String kernel) {}
