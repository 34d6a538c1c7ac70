package dev.phasor.reconstruction;

import java.util.Arrays;

/** The result of an algorithm for one item. */
record ItemOutcome(
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
