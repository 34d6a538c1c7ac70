package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;
import java.util.List;

/**
 * Sources of a mixture, {@code [sources, ..., samples]}.
 *
 * @param audio whose sum over the sources is the mixture
 * @param shares how the mixing error was shared
 * @param iterations that were run
 * @param cancelled whether they were ended before
 * @param mixingErrorDb 20 log10(||x - sum|| / ||x||) of each channel of the mixture, of the samples delivered
 * @param spectralConvergenceDb of each source and channel, with respect to its magnitudes: {@link Accuracy}
 * @param inconsistencyDb likewise
 */
public record Separation(
        AudioSignal audio,
        MixingShares shares,
        int iterations,
        boolean cancelled,
        List<Double> mixingErrorDb,
        List<Double> spectralConvergenceDb,
        List<Double> inconsistencyDb) {}
