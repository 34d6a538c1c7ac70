package dev.phasor.phase;

/**
 * {@link SafeAtan2} over whole planes, element by element. Thread-safe; all arrays of a call have one length, and
 * outputs do not overlap inputs except where they are the same array.
 */
public sealed interface PhaseKernel permits SplitPhaseKernel, Nd4jPhaseKernel {

    /** What reports and logs call it: {@code java}, {@code vector} or {@code nd4j}. */
    String name();

    /**
     * phase = atan2(im, re), see {@link SafeAtan2#angle}.
     *
     * @param re not modified
     * @param im not modified
     * @param phase in radians; modified
     */
    void angle(float[] re, float[] im, float[] phase);

    /**
     * The pullback of {@link #angle}, see {@link SafeAtan2#dRe}.
     *
     * @param re not modified
     * @param im not modified
     * @param cotangent the upstream gradient, of the phase; not modified
     * @param floor f >= 0, in the units of z
     * @param dRe the gradient's real part; modified
     * @param dIm the gradient's imaginary part; modified
     * @return how many components (two an element) saturated at the largest float
     */
    long angleVjp(
            float[] re, float[] im, float[] cotangent, GradientPolicy policy, double floor, float[] dRe, float[] dIm);

    /**
     * magnitude z / |z| without an angle, which Griffin-Lim and its kin never need; each part to 4 ulp, or to 2^-125 of
     * the magnitude where that is more. z = 0 has angle 0, whatever the signs of its zeros: it becomes the magnitude
     * alone.
     *
     * @param re finite; not modified
     * @param im finite; not modified
     * @param magnitude finite; not modified
     * @param outRe modified; may be {@code re}
     * @param outIm modified; may be {@code im}
     */
    void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm);

    /**
     * The largest re^2 + im^2, in double precision, where the squares of floats neither under- nor overflow; 0 of none.
     *
     * @param re not modified
     * @param im not modified
     */
    double largestSquare(float[] re, float[] im);

    /**
     * How many re^2 + im^2 are smaller than {@code limit}, likewise.
     *
     * @param re not modified
     * @param im not modified
     */
    long countBelow(float[] re, float[] im, double limit);
}
