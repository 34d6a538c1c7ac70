package dev.phasor.reconstruction;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param device the device that iterated; null for the host
 * @param onHost why the host iterated although there is a device; null where there is none or it did
 */
public record ReconstructionReport(
        Algorithm algorithm,
        int iterations,
        boolean converged,
        boolean cancelled,
        long seed,
        List<Double> spectralConvergenceDb,
        List<Double> inconsistencyDb,
        List<String> warnings,
        @Nullable String device,
        @Nullable String onHost) {

    public ReconstructionReport {
        spectralConvergenceDb = List.copyOf(spectralConvergenceDb);
        inconsistencyDb = List.copyOf(inconsistencyDb);
        warnings = List.copyOf(warnings);
    }

    /**
     * This report of a host beside a device.
     *
     * @param reason why the host computed
     * @param failure a warning more; null for none
     */
    ReconstructionReport onHost(String reason, @Nullable String failure) {
        List<String> all = new ArrayList<>(warnings);
        if (failure != null) {
            all.add(failure);
        }
        return new ReconstructionReport(
                algorithm,
                iterations,
                converged,
                cancelled,
                seed,
                spectralConvergenceDb,
                inconsistencyDb,
                all,
                null,
                reason);
    }
}
