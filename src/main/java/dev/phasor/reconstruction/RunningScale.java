package dev.phasor.reconstruction;

/**
 * The power of two that brings the largest magnitude so far into [1, 2): floats do not over- or underflow, and no bit
 * depends on the level. A whole spectrogram's largest magnitude is not known while frames arrive.
 */
final class RunningScale {

    private static final int NONE = Integer.MIN_VALUE;

    private float largest;
    private int exponent = NONE;

    /**
     * Takes a frame into account.
     *
     * @return what everything scaled before must be multiplied by; 1 if nothing changes
     */
    double follow(float[] magnitude) {
        for (float value : magnitude) {
            largest = Math.max(largest, value);
        }
        int now = largest == 0 ? NONE : Math.getExponent(largest);
        int before = exponent;
        exponent = now;
        return before == NONE || now == before ? 1 : Math.scalb(1.0, before - now);
    }

    /** The exponent of the largest magnitude; 0 before the first above 0. */
    int exponent() {
        return exponent == NONE ? 0 : exponent;
    }

    /** The factor of magnitudes. */
    double factor() {
        return Math.scalb(1.0, -exponent());
    }
}
