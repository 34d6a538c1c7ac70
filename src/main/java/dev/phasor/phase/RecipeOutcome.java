package dev.phasor.phase;

/**
 * The effect of a recipe on a spectrogram, for an upstream gradient of 1.
 *
 * @param nonFiniteGradients bins where a part of the gradient is infinite or NaN
 * @param largestGradient the largest finite magnitude of a part
 * @param largestPhaseError in radians, modulo 2 pi
 * @param meanPhaseError in radians, modulo 2 pi, over all bins
 * @param flipped bins with a phase error above pi/2
 */
public record RecipeOutcome(
        Recipe recipe,
        long nonFiniteGradients,
        float largestGradient,
        double largestPhaseError,
        double meanPhaseError,
        long flipped) {}
