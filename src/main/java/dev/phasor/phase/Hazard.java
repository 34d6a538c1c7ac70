package dev.phasor.phase;

import java.util.Locale;

/** Problems of the phase of a bin in float32, worst first. */
public enum Hazard {
    /** Both parts are 0: the phase is undefined. */
    ZERO,

    /**
     * re re + im im is below the normal float32 numbers: many devices flush it to 0, and its reciprocal may be
     * infinite.
     */
    UNDERFLOW,

    /** re re + im im is infinite, or its reciprocal is below the normal numbers. */
    OVERFLOW,

    /** |z| is below the floor, where the safe gradient is bounded. */
    BELOW_FLOOR,

    /** The phase is 0. This is counted in addition to the other hazards. */
    ZERO_OUTPUT;

    /** The name in reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
