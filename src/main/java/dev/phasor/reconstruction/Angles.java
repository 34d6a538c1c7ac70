package dev.phasor.reconstruction;

/** Phases modulo 2 pi. */
final class Angles {

    private Angles() {}

    /** The same angle in [-pi, pi]. */
    static double wrap(double angle) {
        return angle - 2 * Math.PI * Math.rint(angle / (2 * Math.PI));
    }
}
