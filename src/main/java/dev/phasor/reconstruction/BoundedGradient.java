package dev.phasor.reconstruction;

import dev.phasor.phase.Denominator;
import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;

/**
 * The rule by which gradients pass through angles, where magnitudes are near 0.
 *
 * @param phase computes it
 */
public record BoundedGradient(Phase phase, GradientPolicy policy, Floor floor) {

    /** {@link #pullBackRoots(float[], float[], long[])} of each item. */
    public void pullBackRoots(RealSpectrogram roots, RealSpectrogram gradient, long[] counts) {
        for (int item = 0; item < gradient.items(); item++) {
            pullBackRoots(roots.values(item), gradient.values(item), counts);
        }
    }

    /**
     * The pullback of one item's roots M of powers, in place: 1 / (2 M) is M / (2 d) with d of the policy, at most 1 /
     * (2 f), and 0 at M = 0. A relative floor f is relative to the largest M.
     *
     * @param roots Not modified.
     * @param gradient Modified: with respect to the roots, then to their powers.
     * @param counts Modified: roots between 0 and the floor, and saturated values, are added
     */
    void pullBackRoots(float[] roots, float[] gradient, long[] counts) {
        double least = floor.value() * (floor.mode() == Floor.Mode.RELATIVE ? Problem.largest(roots) : 1);
        Denominator d = Denominator.of(policy, least);
        Ranges.inOrder(gradient.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double m = roots[i];
                double value = gradient[i] * (m / (2 * d.at(m * m)));
                gradient[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
                counts[0] += m > 0 && m < least ? 1 : 0;
                counts[1] += Math.abs(value) > Float.MAX_VALUE ? 1 : 0;
            }
        });
    }

    /** Values at the end of float32's range, where sums are limited. */
    static long saturated(float[] values) {
        long[] count = new long[1];
        Ranges.inOrder(values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                count[0] += Math.abs(values[i]) == Float.MAX_VALUE ? 1 : 0;
            }
        });
        return count[0];
    }

    /** The same rule for values times 2^exponent. */
    BoundedGradient scaled(int exponent) {
        return floor.mode() == Floor.Mode.RELATIVE
                ? this
                : new BoundedGradient(
                        phase, policy, Floor.absolute(Math.min(Double.MAX_VALUE, Math.scalb(floor.value(), exponent))));
    }
}
