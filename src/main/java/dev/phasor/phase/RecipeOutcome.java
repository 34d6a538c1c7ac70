package dev.phasor.phase;

/**
 * What a recipe does to a spectrogram, for an upstream gradient of 1.
 *
 * @param nonFiniteGradients bins where either part of the gradient is infinite or NaN
 * @param largestGradient the largest finite magnitude of a part
 * @param largestPhaseError in radians, modulo 2 pi
 * @param meanPhaseError in radians, modulo 2 pi, over all bins
 * @param flipped bins whose phase is off by more than pi/2
 */
public record RecipeOutcome(
        Recipe recipe,
        long nonFiniteGradients,
        float largestGradient,
        double largestPhaseError,
        double meanPhaseError,
        long flipped) {}
