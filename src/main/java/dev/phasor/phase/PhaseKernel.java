package dev.phasor.phase;

import dev.phasor.signal.Plane;

/**
 * {@link SafeAtan2} over whole planes, element by element. Thread-safe. All planes of a call have the same size. An
 * output is either the same plane as an input or does not overlap it.
 */
public interface PhaseKernel {

    /** The name in reports and logs: {@code java}, {@code vector} or {@code nd4j}. */
    String name();

    /**
     * phase = atan2(im, re), see {@link SafeAtan2#angle}.
     *
     * @param re Not modified.
     * @param im Not modified.
     * @param phase Modified, in radians.
     */
    void angle(Plane re, Plane im, Plane phase);

    /** {@link #angle(Plane, Plane, Plane)} of whole arrays. */
    default void angle(float[] re, float[] im, float[] phase) {
        angle(Plane.of(re), Plane.of(im), Plane.of(phase));
    }

    /**
     * The pullback of the angle, see {@link SafeAtan2#dRe}.
     *
     * @param re Not modified.
     * @param im Not modified.
     * @param cotangent the upstream gradient, with respect to the phase. Not modified.
     * @param floor f >= 0, in the units of z
     * @param dRe the gradient's real part. Modified.
     * @param dIm the gradient's imaginary part. Modified.
     * @return how many components (two per element) saturated at the largest float
     */
    long angleVjp(Plane re, Plane im, Plane cotangent, GradientPolicy policy, double floor, Plane dRe, Plane dIm);

    /**
     * magnitude z / |z|, computed without an angle, for a magnitude beside a known phase; phase retrieval has the
     * faster form of the iteration kernel. The error of each part is at most 4 ulp, or 2^-125 of the magnitude if that
     * is more. z = 0 has angle 0, for any signs of its zeros.
     *
     * @param re finite. Not modified.
     * @param im finite. Not modified.
     * @param magnitude finite. Not modified.
     * @param outRe Modified. It may be {@code re}.
     * @param outIm Modified. It may be {@code im}.
     */
    void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm);

    /**
     * The largest re^2 + im^2; 0 for empty planes. It is computed in double, where squares of floats neither under- nor
     * overflow.
     *
     * @param re Not modified.
     * @param im Not modified.
     */
    double largestSquare(Plane re, Plane im);

    /**
     * How many re^2 + im^2, computed in double, are smaller than {@code limit}.
     *
     * @param re Not modified.
     * @param im Not modified.
     */
    long countBelow(Plane re, Plane im, double limit);
}
