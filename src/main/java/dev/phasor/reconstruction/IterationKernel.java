package dev.phasor.reconstruction;

/**
 * The inner loops of the iterations. A kernel's sums are the same bits every time; two kernels may differ in the last
 * bits.
 */
public sealed interface IterationKernel permits JavaIterationKernel, VectorIterationKernel {

    /**
     * P_A, "set the magnitude": M z/|z|, with phase 0 where z = 0.
     *
     * @param magnitude M
     * @param re Modified, as is {@code im}; all of one length
     */
    void project(float[] magnitude, float[] re, float[] im);

    /**
     * |z|, at most the largest float. It is computed in double precision, where squares of floats neither under- nor
     * overflow.
     *
     * @param magnitude Modified, from ≤ i < to; may be {@code re}
     */
    void magnitude(float[] re, float[] im, float[] magnitude, int from, int to);

    /** The angles of z in radians, see {@link dev.phasor.phase.SafeAtan2#angle}. */
    void angle(float[] re, float[] im, float[] angle);

    /** The sum of (|z| - M)^2. */
    double squaredError(float[] magnitude, float[] re, float[] im);

    /** The sum of squares, in double precision, where those of floats neither under- nor overflow. */
    default double squares(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    /** The sum of (a - b)^2, in double precision. */
    default double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }

    /** The sum of a[i] b[i], from ≤ i < to. */
    double dot(float[] a, float[] b, int from, int to);
}
