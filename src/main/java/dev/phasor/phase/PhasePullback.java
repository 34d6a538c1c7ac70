package dev.phasor.phase;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;

/**
 * The pullback of the phase of whole items, ready to be computed, by the kernel or by a machine beside it.
 *
 * @param cotangent with respect to the phase, of the spectrogram's shape
 * @param floors of each item, in the units of its magnitudes
 * @param dRe Modified, as is {@code dIm}: the gradient's planes
 * @param saturated Modified: how many components of each item were limited to the largest float
 */
public record PhasePullback(
        PhaseKernel kernel,
        ComplexSpectrogram z,
        RealSpectrogram cotangent,
        GradientPolicy policy,
        double[] floors,
        float[][] dRe,
        float[][] dIm,
        long[] saturated) {

    /** What an item's gradients are divided by. */
    public Denominator denominator(int item) {
        return Denominator.of(policy, floors[item]);
    }

    /** Computes all items by the kernel. */
    public void compute() {
        for (int item = 0; item < z.items(); item++) {
            saturated[item] = kernel.angleVjp(
                    z.re(item), z.im(item), cotangent.values(item), policy, floors[item], dRe[item], dIm[item]);
        }
    }
}
