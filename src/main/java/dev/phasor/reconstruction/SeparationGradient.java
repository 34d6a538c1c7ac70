package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a loss of separated sources with respect to their estimates, finite.
 *
 * @param audio the sources
 * @param shares how the mixing error was shared; their choice has no gradient
 * @param real of magnitudes or masks; null for complex estimates
 * @param complex of complex estimates, dL/dre + i dL/dim; null for others
 * @param singularBins bins, over all iterations, whose phase gradient the policy bounded
 * @param saturated values that were limited to the largest float
 */
public record SeparationGradient(
        AudioSignal audio,
        MixingShares shares,
        @Nullable RealSpectrogram real,
        @Nullable ComplexSpectrogram complex,
        long singularBins,
        long saturated) {}
