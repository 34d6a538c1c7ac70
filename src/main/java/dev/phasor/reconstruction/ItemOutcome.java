package dev.phasor.reconstruction;

import java.util.Arrays;

/** What an algorithm made of one item. */
record ItemOutcome(
        float[] samples,
        int iterations,
        boolean converged,
        boolean cancelled,
        double spectralConvergenceDb,
        double inconsistencyDb) {

    /** This with zeros behind its samples. */
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
