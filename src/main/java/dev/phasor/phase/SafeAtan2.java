package dev.phasor.phase;

/**
 * The phase of one complex number and its pullback: the definition that every {@link PhaseKernel} agrees with.
 *
 * <p>phi = atan2(im, re), and for an upstream gradient g of phi: (dre, dim) = g (-im, re) / r^2 with r = |z|.
 *
 * <p>The trap in float32 is r^2: it is 0 below r = 2.65e-23, subnormal below 1.08e-19, its reciprocal infinite at
 * 1e-20, and it is infinite itself above 1.84e19; 0 * Inf is then NaN. In double every square, product and quotient of
 * floats that appears here is a normal number or 0, so the formula may be written down as it stands. What is left of
 * the trap is the origin, and there the denominator is chosen before the division, never the result after it.
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
     * The pullback of {@link #angle}: its real part, -g im / d, with the denominator d of the policy. Special cases:
     *
     * <ul>
     *   <li>g = 0 gives 0, and so does z = 0 under every policy;
     *   <li>what exceeds the largest float saturates there, sign kept;
     *   <li>if re, im or g is not finite, the result is NaN: no such input becomes a number.
     * </ul>
     *
     * @param floor f >= 0, in the units of z; {@link GradientPolicy#EXACT} ignores it
     */
    public static float dRe(float im, float re, float g, GradientPolicy policy, double floor) {
        return saturate(-(double) im * scale(im, re, g, policy, floor));
    }

    /** The pullback's imaginary part, g re / d; see {@link #dRe}. */
    public static float dIm(float im, float re, float g, GradientPolicy policy, double floor) {
        return saturate(re * scale(im, re, g, policy, floor));
    }

    /** g / d: what -im and re are multiplied by. At most 2^128 / 2^-298 in magnitude. */
    private static double scale(double im, double re, double g, GradientPolicy policy, double floor) {
        return g / (Denominator.of(policy, floor).at(re * re + im * im) + poison(im, re, g));
    }

    /**
     * +-0 for finite numbers, NaN for others: added to a denominator, it keeps a non-finite input from becoming a
     * number.
     */
    static double poison(double im, double re, double g) {
        return 0 * im + 0 * re + 0 * g;
    }

    /** Whether {@link #saturate} changes a component. */
    static boolean saturates(double component) {
        return Math.abs(component) > Float.MAX_VALUE;
    }

    /** To float; what exceeds the largest one saturates there. NaN stays NaN. */
    static float saturate(double component) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, component));
    }
}
