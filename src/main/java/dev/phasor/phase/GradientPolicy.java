package dev.phasor.phase;

/**
 * What the pullback of the phase does near the origin, where its exact gain 1/r grows without bound. With r = |z|, the
 * floor f and the upstream gradient g, the gradient is g (-im, re) / d with the denominator d named at each.
 */
public enum GradientPolicy {
    /** d = max(r, f)^2: exact wherever r >= f, continuous, gain at most 1/f. The default. */
    CLAMPED,

    /** d = r^2 + f^2: smooth, gain at most 1/(2f), a little too small everywhere. */
    REGULARIZED,

    /** d = r^2 where r >= f, and no gradient below: gain at most 1/f. */
    ZERO_BELOW,

    /** d = r^2, the floor ignored, and no gradient at the origin: gain unbounded, saturates at the largest float. */
    EXACT
}
