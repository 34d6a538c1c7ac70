package dev.phasor.phase;

/**
 * The phase of one complex number and its pullback: the definition that every {@link PhaseKernel} implements.
 *
 * <p>phi = atan2(im, re), and for an upstream gradient g of phi: (dre, dim) = g (-im, re) / r^2 with r = |z|.
 *
 * <p>In float32 the trap is r^2. It is 0 below r = 2.65e-23, subnormal below 1.08e-19, its reciprocal is infinite at
 * 1e-20, and it is infinite above 1.84e19; then 0 * Inf gives NaN. In double every square, product and quotient of
 * floats in this formula is a normal number or 0, so the formula is computed as written. The origin remains: there the
 * denominator is chosen before the division, the result is never corrected after it.
 */
public final class SafeAtan2 {

    private SafeAtan2() {}

    /**
     * The angle of re + i im in radians, within 2 ulp of the exact one; never perturbed. Special cases, as in IEEE 754
     * and C99:
     *
     * <ul>
     *   <li>a NaN part gives NaN;
     *   <li>(im, re) = (+-0, +0) gives +-0, and (+-0, -0) gives +-pi;
     *   <li>(+-0, re > 0) gives +-0, and (+-0, re < 0) gives +-pi: the sign of zero tells the two sides of the cut
     *       apart;
     *   <li>(im > 0, +-0) gives pi/2, and (im < 0, +-0) gives -pi/2;
     *   <li>(+-y, +Inf) gives +-0 and (+-y, -Inf) gives +-pi for finite y;
     *   <li>(+-Inf, x) gives +-pi/2 for finite x;
     *   <li>(+-Inf, +Inf) gives +-pi/4 and (+-Inf, -Inf) gives +-3 pi/4.
     * </ul>
     */
    public static float angle(float im, float re) {
        return (float) Math.atan2(im, re);
    }

    /**
     * The real part of the pullback of {@link #angle}, -g im / d, with the policy's denominator d. Special cases:
     *
     * <ul>
     *   <li>g = 0 gives 0, and z = 0 gives 0 under every policy;
     *   <li>a result beyond the largest float saturates there and keeps its sign;
     *   <li>if re, im or g is not finite, the result is NaN.
     * </ul>
     *
     * @param floor f >= 0, in the units of z; {@link GradientPolicy#EXACT} ignores it
     */
    public static float dRe(float im, float re, float g, GradientPolicy policy, double floor) {
        return saturate(-(double) im * scale(im, re, g, policy, floor));
    }

    /** The imaginary part of the pullback, g re / d; see {@link #dRe}. */
    public static float dIm(float im, float re, float g, GradientPolicy policy, double floor) {
        return saturate(re * scale(im, re, g, policy, floor));
    }

    /** g / d, the factor of -im and of re. Its magnitude is at most 2^128 / 2^-298. */
    private static double scale(double im, double re, double g, GradientPolicy policy, double floor) {
        return g / (Denominator.of(policy, floor).at(re * re + im * im) + poison(im, re, g));
    }

    /** +-0 for finite numbers, else NaN. Added to a denominator, it makes the result of non-finite input NaN. */
    static double poison(double im, double re, double g) {
        return 0 * im + 0 * re + 0 * g;
    }

    /** Whether {@link #saturate} limits a component. */
    static boolean saturates(double component) {
        return Math.abs(component) > Float.MAX_VALUE;
    }

    /** Rounds to float and limits the result to the largest float. NaN stays NaN. */
    static float saturate(double component) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, component));
    }
}
