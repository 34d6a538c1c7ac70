package dev.phasor.phase;

import java.util.Locale;

/** What can go wrong with the phase of a bin in float32, worst first. */
public enum Hazard {
    /** Both parts are 0: there is no phase. */
    ZERO,

    /**
     * re re + im im is below the normal float32 numbers: flushed to 0 on many devices, its reciprocal up to infinite.
     */
    UNDERFLOW,

    /** re re + im im is infinite, or its reciprocal below the normal numbers. */
    OVERFLOW,

    /** |z| is below the floor: the safe gradient is bounded here. */
    BELOW_FLOOR,

    /** The phase is 0; counted beside the others, not among them. */
    ZERO_OUTPUT;

    /** As reports write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
