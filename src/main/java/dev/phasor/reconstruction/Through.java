package dev.phasor.reconstruction;

/** How a gradient passes through iterations. */
public enum Through {
    /** Through every iteration: the gradient of what was computed. */
    UNROLLED,
    /** At the last signal as if it were a fixed point: {@link FixedPoint}. Its memory and time know no n_iter. */
    IMPLICIT,
    /** Through the last inverse alone, as if the phases found were constants: a surrogate, and not a gradient. */
    CONSTANT_PHASE
}
