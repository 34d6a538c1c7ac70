package dev.phasor.reconstruction;

import dev.phasor.signal.VectorModule;

/**
 * The inner loops of the iterations. Sums are the same bits every time, but differ between kernels in the last ones.
 */
interface IterationKernel {

    /** In SIMD lanes where their module is present. */
    static IterationKernel best() {
        return VectorModule.isPresent() ? new VectorIterationKernel() : new JavaIterationKernel();
    }

    /**
     * P_A, "set the magnitude": M z/|z|, with phase 0 where z = 0.
     *
     * @param magnitude M
     * @param re Modified, as is {@code im}; all of one length
     */
    void project(float[] magnitude, float[] re, float[] im);

    /** The sum of (|z| - M)^2. */
    double squaredError(float[] magnitude, float[] re, float[] im);

    /** The sum of a[i] b[i], from ≤ i < to. */
    double dot(float[] a, float[] b, int from, int to);
}
