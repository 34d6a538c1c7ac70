package dev.phasor.phase;

import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.Plane;
import dev.phasor.signal.RealSpectrogram;

/**
 * The pullback of the phase of whole items, ready to be computed, by the kernel or by a machine beside it.
 *
 * @param cotangent with respect to the phase; its planes are in the order of the spectrogram's
 * @param floors of each item, in the units of its magnitudes
 * @param gradient Modified: of the spectrogram's shape and order
 * @param saturated Modified: how many components of each item were limited to the largest float
 */
public record PhasePullback(
        PhaseKernel kernel,
        ComplexRows z,
        RealSpectrogram cotangent,
        GradientPolicy policy,
        double[] floors,
        ComplexRows gradient,
        long[] saturated) {

    /** What an item's gradients are divided by. */
    public Denominator denominator(int item) {
        return Denominator.of(policy, floors[item]);
    }

    /** Computes all items by the kernel. */
    public void compute() {
        for (int item = 0; item < z.items(); item++) {
            saturated[item] = kernel.angleVjp(
                    z.rePlane(item),
                    z.imPlane(item),
                    Plane.of(cotangent.values(item)),
                    policy,
                    floors[item],
                    gradient.rePlane(item),
                    gradient.imPlane(item));
        }
    }
}
