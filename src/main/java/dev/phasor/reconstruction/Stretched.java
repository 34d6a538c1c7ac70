package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;
import java.util.List;

/**
 * Audio at another speed or pitch.
 *
 * @param iterations that were run; 0 for the source itself
 * @param cancelled whether {@link Progress} ended the work
 * @param spectralConvergenceDb of each channel, of what the iterations delivered with respect to the stretched
 *     magnitudes: {@link Accuracy}
 * @param inconsistencyDb likewise
 */
public record Stretched(
        AudioSignal audio,
        int iterations,
        boolean cancelled,
        List<Double> spectralConvergenceDb,
        List<Double> inconsistencyDb) {}
