package dev.phasor.phase;

import dev.phasor.signal.ComplexSpectrogram;

/**
 * The gradient of a loss with respect to a complex spectrogram, through its phase.
 *
 * @param gradient dL/dre + i dL/dim, always finite
 * @param singularBins bins that are zero or lie below the floor, where a policy other than exact bounds the gradient
 * @param saturated components (two a bin) that the largest float stands for
 */
public record PhaseGradient(ComplexSpectrogram gradient, long singularBins, long saturated) {}
