package dev.phasor.reconstruction;

import java.util.List;

/**
 * What was run and what it reached. The figures are computed from the audio delivered, per channel, as
 * {@link Evaluation} defines them.
 *
 * @param algorithm what ran, where {@code auto} was asked for too
 * @param iterations of the channel that took most; 0 for an algorithm that does not iterate
 * @param converged whether every channel ended by the tolerance
 * @param cancelled whether {@link Progress} ended it
 * @param seed that gives these samples again
 * @param spectralConvergenceDb per channel
 * @param inconsistencyDb per channel
 * @param warnings in words
 */
public record ReconstructionReport(
        Algorithm algorithm,
        int iterations,
        boolean converged,
        boolean cancelled,
        long seed,
        List<Double> spectralConvergenceDb,
        List<Double> inconsistencyDb,
        List<String> warnings) {

    public ReconstructionReport {
        spectralConvergenceDb = List.copyOf(spectralConvergenceDb);
        inconsistencyDb = List.copyOf(inconsistencyDb);
        warnings = List.copyOf(warnings);
    }
}
