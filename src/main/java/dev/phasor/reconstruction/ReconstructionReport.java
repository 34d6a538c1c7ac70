package dev.phasor.reconstruction;

import java.util.List;

/**
 * The algorithm that ran and its results. The figures are computed from the delivered audio, per channel, as
 * {@link Evaluation} defines them.
 *
 * @param algorithm the algorithm that ran, also if {@code auto} was requested
 * @param iterations the most iterations of a channel; 0 for an algorithm that does not iterate
 * @param converged whether the tolerance ended every channel
 * @param cancelled whether {@link Progress} ended the work
 * @param seed the seed that reproduces these samples
 * @param spectralConvergenceDb per channel, dB
 * @param inconsistencyDb per channel, dB
 * @param warnings warnings as text
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
