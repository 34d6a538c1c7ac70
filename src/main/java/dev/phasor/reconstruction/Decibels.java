package dev.phasor.reconstruction;

/** Ratios of energies in decibels, always finite, since JSON knows no infinity. */
final class Decibels {

    /** Far below what float32 resolves: as good as equal, and what 0/0 counts as. */
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
