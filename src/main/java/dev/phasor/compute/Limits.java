package dev.phasor.compute;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much one request may ask for.
 *
 * @param maxUpload the largest request body; a longer one is answered 413
 * @param maxDecoded the most that a body may hold once it is decompressed and decoded to float32
 * @param memoryShare the part of the heap, in percent, that the requests being answered may hold together; one that
 *     needs more is answered 413, one that has to wait for it 503
 * @param maxFftSize the largest n_fft
 * @param maxIterations the largest n_iter
 * @param bodyWait seconds that a body may be waited for until its bytes are counted: the window of {@code bodyRate}
 * @param bodyRate the bytes a second that a body must bring in each window; fewer are answered 408
 */
@Validated
@ConfigurationProperties("phasor.limits")
public record Limits(
        @DefaultValue("256MB") DataSize maxUpload,
        @DefaultValue("1GB") DataSize maxDecoded,
        @DefaultValue("70") @Min(1) @Max(95) int memoryShare,
        @DefaultValue("1048576") @Min(2) @Max(1 << 24) int maxFftSize,
        @DefaultValue("10000") @Min(1) @Max(1_000_000_000) int maxIterations,
        @DefaultValue("20") @Min(1) @Max(86_400) int bodyWait,
        @DefaultValue("4KB") DataSize bodyRate) {}
