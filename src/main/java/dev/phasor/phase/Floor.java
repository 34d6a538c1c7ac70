package dev.phasor.phase;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Plane;

/**
 * The magnitude f below which the phase's gradient is bounded; each {@link GradientPolicy} defines how.
 *
 * @param value finite and not negative; 0 is no bound
 * @param mode the reference of {@code value}
 */
public record Floor(double value, Mode mode) {

    /** The reference of a floor. */
    public enum Mode {
        /** The largest magnitude of the item that the bin belongs to. */
        RELATIVE,
        /** 1. */
        ABSOLUTE
    }

    /** 1e-6 of the item's largest magnitude: -120 dB, far below the resolution of 16-bit audio. */
    public static final Floor DEFAULT = relative(1e-6);

    /** @throws InvalidInputException {@code BAD_PARAMETER} unless the value is finite and not negative */
    public Floor {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw InvalidInputException.badParameter("floor", "finite and >= 0", value);
        }
    }

    public static Floor relative(double value) {
        return new Floor(value, Mode.RELATIVE);
    }

    public static Floor absolute(double value) {
        return new Floor(value, Mode.ABSOLUTE);
    }

    /**
     * The floor f of one item, in the units of its magnitudes. It is a double because the floor of the smallest floats
     * is not representable as a float.
     *
     * @param re the item's real parts, finite. Not modified.
     * @param im the item's imaginary parts, finite. Not modified.
     */
    public double of(Plane re, Plane im, PhaseKernel kernel) {
        return switch (mode) {
            case RELATIVE -> value * Math.sqrt(kernel.largestSquare(re, im));
            case ABSOLUTE -> value;
        };
    }
}
