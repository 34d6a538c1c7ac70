package dev.phasor.decoder;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The program that decodes what this service does not read itself, and what it may take.
 *
 * @param path {@code auto} for the program that comes with the service, else the first ffmpeg of PATH; {@code off}; or
 *     the path of a program
 * @param cpuTime seconds of processor time that one file may take; past it 413. The request's deadline holds too
 * @param cpuTimePerMegabyte seconds of processor time that a file may take for each megabyte of samples that it has
 *     come to, and the next; past it 413. A small file cannot hold a process for long
 * @param memory address space of one process. Its libraries and the stacks of its threads take 120 MB of it
 * @param processes files that are decoded at once, 0 for one a core, at least 2; those of one client leave one to the
 *     others; files that flow have four times as many beside them
 * @param queue files that wait; past it 503
 */
@Validated
@ConfigurationProperties("phasor.decoder")
public record DecoderSettings(
        @DefaultValue("auto") String path,
        @DefaultValue("60") @Min(1) @Max(86_400) int cpuTime,
        @DefaultValue("1") @Min(1) @Max(86_400) int cpuTimePerMegabyte,
        @DefaultValue("256MB") DataSize memory,
        @DefaultValue("0") @Min(0) @Max(1024) int processes,
        @DefaultValue("32") @Min(0) @Max(10_000) int queue) {

    int slots() {
        return processes == 0 ? Math.max(2, Runtime.getRuntime().availableProcessors()) : processes;
    }
}
