package dev.phasor.reconstruction;

import dev.phasor.signal.InvalidInputException;

/**
 * How sources are found.
 *
 * @param iterations of magnitudes, consistency and mixing; 0 shares the mixing error once, which is linear
 * @param momentum in 0..1, which accelerates them
 * @param shares of the mixing error
 * @param residual whether what no source explains is a source of its own, the last
 */
public record SeparationParameters(int iterations, double momentum, MixingShares shares, boolean residual) {

    public static final int DEFAULT_ITERATIONS = 20;

    /** The best of 0, 0.3, 0.6 and 0.99 for exact magnitudes (docs/sources.md); beyond it there is little. */
    public static final double DEFAULT_MOMENTUM = 0.6;

    /** @throws InvalidInputException {@code BAD_PARAMETER} */
    public SeparationParameters {
        if (iterations < 0) {
            throw InvalidInputException.badParameter("n_iter", "at least 0", iterations);
        }
        if (!(momentum >= 0 && momentum <= 1)) {
            throw InvalidInputException.badParameter("momentum", "in 0..1", momentum);
        }
    }
}
