package dev.phasor.reconstruction;

/** Ratios of energies in decibels. Those of numbers are always finite, since JSON has no infinity. */
final class Decibels {

    /** The value of the ratios 0 and 0/0. It is far below the resolution of float32, 20 log10(2^-24) = -144 dB. */
    static final double LOWEST = -200;

    static final double HIGHEST = 200;

    private Decibels() {}

    /** 10 log10(numerator / denominator), within {@link #LOWEST}..{@link #HIGHEST}. */
    static double ofEnergies(double numerator, double denominator) {
        if (numerator == 0) {
            return LOWEST;
        }
        if (denominator == 0) {
            return HIGHEST;
        }
        return Math.min(HIGHEST, Math.max(LOWEST, 10 * (Math.log10(numerator) - Math.log10(denominator))));
    }
}
