package dev.phasor.reconstruction;

import dev.phasor.signal.RealSpectrogram;

/**
 * The gradient of a loss of a signal found by iterations with respect to the magnitudes that it was found from, finite.
 *
 * @param gradient of the magnitudes' shape
 * @param residual the largest of all items: how far the equation of {@link Through#IMPLICIT} is from solved, as a part
 *     of the cotangent; 0 for others
 * @param singularBins bins, over all iterations, whose phase gradient the policy bounded
 * @param saturated values that were limited to the largest float
 */
public record MagnitudeGradient(RealSpectrogram gradient, double residual, long singularBins, long saturated) {}
