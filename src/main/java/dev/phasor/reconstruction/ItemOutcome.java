package dev.phasor.reconstruction;

import java.util.Arrays;

/**
 * The result of an algorithm for one item.
 *
 * @param samples as delivered
 * @param iterations that were counted
 * @param converged whether the tolerance ended them
 * @param cancelled whether {@link Progress} did
 * @param spectralConvergenceDb see {@link Accuracy}, as is {@code inconsistencyDb}
 */
public record ItemOutcome(
        float[] samples,
        int iterations,
        boolean converged,
        boolean cancelled,
        double spectralConvergenceDb,
        double inconsistencyDb) {

    /** This outcome with zeros appended to its samples. */
    ItemOutcome lengthenedTo(int length) {
        return length == samples.length
                ? this
                : new ItemOutcome(
                        Arrays.copyOf(samples, length),
                        iterations,
                        converged,
                        cancelled,
                        spectralConvergenceDb,
                        inconsistencyDb);
    }
}
