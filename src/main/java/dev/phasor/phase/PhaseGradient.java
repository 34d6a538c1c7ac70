package dev.phasor.phase;

import dev.phasor.signal.ComplexSpectrogram;

/**
 * The gradient of a loss with respect to a complex spectrogram, through its phase.
 *
 * @param gradient dL/dre + i dL/dim, always finite
 * @param singularBins bins that are zero or below the floor; every policy except {@code EXACT} bounds their gradient
 * @param saturated components (two per bin) that were limited to the largest float
 */
public record PhaseGradient(ComplexSpectrogram gradient, long singularBins, long saturated) {}
