package dev.phasor.phase;

/**
 * What bounded a gradient through the phase.
 *
 * @param singularBins bins that are zero or below the floor; every policy except {@code EXACT} bounds their gradient
 * @param saturated components (two per bin) that were limited to the largest float
 */
public record PhaseBounds(long singularBins, long saturated) {}
