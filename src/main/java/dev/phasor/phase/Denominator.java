package dev.phasor.phase;

/**
 * What the phase's gradient is divided by, as a function of r^2: max(r^2 + added, least), or infinity where r^2 &lt;
 * cut. Every {@link GradientPolicy} is a choice of these three; d > 0 always, chosen before anything is divided by it.
 */
record Denominator(double added, double least, double cut) {

    /** The square of the smallest float: raising r^2 to it changes 0 and nothing else. */
    static final double SMALLEST_SQUARE = 0x1p-298;

    static Denominator of(GradientPolicy policy, double floor) {
        double square = floor * floor;
        return switch (policy) {
            case CLAMPED -> new Denominator(0, Math.max(square, SMALLEST_SQUARE), 0);
            case REGULARIZED -> new Denominator(square, SMALLEST_SQUARE, 0);
            case ZERO_BELOW -> new Denominator(0, SMALLEST_SQUARE, square);
            case EXACT -> new Denominator(0, SMALLEST_SQUARE, 0);
        };
    }

    double at(double square) {
        return square < cut ? Double.POSITIVE_INFINITY : Math.max(square + added, least);
    }
}
