package dev.phasor.phase;

/**
 * The denominator d of the phase's gradient as a function of r^2: max(r^2 + added, least), or infinity if r^2 &lt; cut.
 * Each {@link GradientPolicy} is a choice of the three values. d > 0 is chosen before the division.
 */
public record Denominator(double added, double least, double cut) {

    /** The square of the smallest float. Raising r^2 to at least this changes only r = 0. */
    static final double SMALLEST_SQUARE = 0x1p-298;

    /** @param floor f >= 0, in the units of z */
    public static Denominator of(GradientPolicy policy, double floor) {
        double square = floor * floor;
        return switch (policy) {
            case CLAMPED -> new Denominator(0, Math.max(square, SMALLEST_SQUARE), 0);
            case REGULARIZED -> new Denominator(square, SMALLEST_SQUARE, 0);
            case ZERO_BELOW -> new Denominator(0, SMALLEST_SQUARE, square);
            case EXACT -> new Denominator(0, SMALLEST_SQUARE, 0);
        };
    }

    public double at(double square) {
        return square < cut ? Double.POSITIVE_INFINITY : Math.max(square + added, least);
    }
}
