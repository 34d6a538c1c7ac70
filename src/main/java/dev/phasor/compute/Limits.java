package dev.phasor.compute;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of one request.
 *
 * @param maxUpload the largest request body; a longer body is answered 413
 * @param maxDecoded the largest size of a body after decompression and decoding to float32
 * @param memoryShare percent of the heap that all requests being answered may hold together; a request that needs more
 *     is answered 413, a request that needs more than is free 503
 * @param aheadShare percent of that memory that an array of a body may take before its values have come, while three
 *     quarters are free; a longer one grows with them
 * @param maxFftSize the largest n_fft
 * @param maxIterations the largest n_iter
 * @param bodyWait seconds of waiting for a body after which its bytes are counted: the window of {@code bodyRate}
 * @param bodyRate the bytes a second that a body must bring in each window; a slower body is answered 408
 */
@Validated
@ConfigurationProperties("phasor.limits")
public record Limits(
        @DefaultValue("256MB") DataSize maxUpload,
        @DefaultValue("1GB") DataSize maxDecoded,
        @DefaultValue("70") @Min(1) @Max(95) int memoryShare,
        @DefaultValue("2") @Min(0) @Max(100) int aheadShare,
        @DefaultValue("1048576") @Min(2) @Max(1 << 24) int maxFftSize,
        @DefaultValue("10000") @Min(1) @Max(1_000_000_000) int maxIterations,
        @DefaultValue("20") @Min(1) @Max(86_400) int bodyWait,
        @DefaultValue("4KB") DataSize bodyRate) {

    /** Bytes of the largest request body. */
    public long uploadBytes() {
        return maxUpload.toBytes();
    }
}
