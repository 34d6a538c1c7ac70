package dev.phasor.compute;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The threads for computation, and how many requests may wait.
 *
 * @param threads threads that compute large requests; all but one of them may start a request, the last only helps. 0
 *     for one per core, two at least, of which two may start a request each
 * @param smallThreads additional threads that compute small requests, 0 for one per two cores
 * @param smallWork the most work of a small request: values of spectrograms times the passes over them, about 10 ns
 *     each
 * @param smallQueue small requests that may wait; past it 503
 * @param largeQueue large requests that may wait; past it 503
 * @param beside requests of a lane that may be begun beside the others, each of a client of whom none runs, which has
 *     waited for two seconds
 * @param timeout the longest that a request may wait and compute, in seconds; past it 503. A request may ask for less
 * @param streams sound files that may be streamed at once; past it 503
 */
@Validated
@ConfigurationProperties("phasor.compute")
public record ComputeSettings(
        @DefaultValue("0") @Min(0) @Max(1024) int threads,
        @DefaultValue("0") @Min(0) @Max(1024) int smallThreads,
        @DefaultValue("2000000") @Min(0) @Max(1_000_000_000) int smallWork,
        @DefaultValue("32") @Min(0) @Max(10_000) int smallQueue,
        @DefaultValue("16") @Min(0) @Max(10_000) int largeQueue,
        @DefaultValue("32") @Min(0) @Max(1024) int beside,
        @DefaultValue("32") @Min(1) @Max(10_000) int streams,
        @DefaultValue("300") @Min(1) @Max(86_400) int timeout) {

    /** No more than cores by default: a third on two cores makes a request a tenth slower. */
    int largeLaneThreads() {
        return threads == 0 ? Math.max(2, Runtime.getRuntime().availableProcessors()) : threads;
    }

    /** Large requests at once: by default those of two clients. */
    int largeSlots() {
        return Math.max(threads == 0 ? 2 : 1, largeLaneThreads() - 1);
    }

    /** The same settings with another timeout. */
    public ComputeSettings lasting(int seconds) {
        return new ComputeSettings(threads, smallThreads, smallWork, smallQueue, largeQueue, beside, streams, seconds);
    }

    int smallLaneThreads() {
        return smallThreads == 0 ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : smallThreads;
    }
}
