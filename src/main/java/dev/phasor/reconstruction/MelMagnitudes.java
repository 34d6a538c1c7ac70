package dev.phasor.reconstruction;

import dev.phasor.mel.BandedCholesky;
import dev.phasor.mel.MelFilters;
import dev.phasor.mel.MelInverse;
import dev.phasor.signal.Ranges;

/**
 * The magnitudes that mels stand for: the non-negative least squares of {@link MelInverse}, and its root where the
 * filters weigh powers; with its adjoint. Mels are [frame][mel], magnitudes [frame][bin].
 */
public final class MelMagnitudes {

    private final int mels;
    private final int bins;
    private final int power;
    private final MelInverse inverse;

    /** @param power of the magnitudes that the filters weigh, 1 or 2 */
    public MelMagnitudes(MelFilters filters, int power) {
        mels = filters.mels();
        bins = filters.bins();
        this.power = power;
        inverse = new MelInverse(filters);
    }

    BandedCholesky gram() {
        return inverse.gram();
    }

    /** To {@link MelInverse#TOLERANCE}. */
    public float[] of(float[] x) {
        return of(x, MelInverse.TOLERANCE);
    }

    float[] of(float[] x, double tolerance) {
        float[] magnitude = new float[Math.multiplyExact(x.length / mels, bins)];
        inverse.solve(x, magnitude, tolerance);
        if (power == 2) {
            Ranges.forEach(magnitude.length, magnitude.length, 1, (from, to) -> {
                for (int i = from; i < to; i++) {
                    magnitude[i] = (float) Math.sqrt(magnitude[i]);
                }
            });
        }
        return magnitude;
    }

    /**
     * The adjoint of the derivative of {@link #of(float[])}, through roots that of the rule.
     *
     * @param x as it was solved. Not modified.
     * @param magnitude what {@code of} made of it. Not modified.
     * @param gradient Modified: with respect to the magnitudes, then to their powers.
     * @param counts Modified: roots between 0 and the floor, and saturated values, are added
     * @return with respect to {@code x}
     */
    public double[] pullBack(float[] x, float[] magnitude, float[] gradient, BoundedGradient rule, long[] counts) {
        if (power == 2) {
            rule.pullBackRoots(magnitude, gradient, counts);
        }
        return inverse.pullBack(x, gradient);
    }
}
