package dev.phasor.reconstruction;

/** What an algorithm made of one item. */
record ItemOutcome(
        float[] samples,
        int iterations,
        boolean converged,
        boolean cancelled,
        double spectralConvergenceDb,
        double inconsistencyDb) {}
