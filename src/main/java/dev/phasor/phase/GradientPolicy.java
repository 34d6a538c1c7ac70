package dev.phasor.phase;

/**
 * The behavior of the phase's pullback near the origin, where its exact gain 1/r grows without bound. With r = |z|, the
 * floor f and the upstream gradient g, the gradient is g (-im, re) / d; each policy defines d.
 */
public enum GradientPolicy {
    /** d = max(r, f)^2: exact wherever r >= f, continuous, gain at most 1/f. The default. */
    CLAMPED,

    /** d = r^2 + f^2: smooth, gain at most 1/(2f), a little too small everywhere. */
    REGULARIZED,

    /** d = r^2 where r >= f, and a gradient of 0 below: gain at most 1/f. */
    ZERO_BELOW,

    /**
     * d = r^2 without a floor, and a gradient of 0 at the origin: the gain is unbounded and saturates at the largest
     * float.
     */
    EXACT
}
