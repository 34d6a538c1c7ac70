package dev.phasor.reconstruction;

import dev.phasor.mel.BandedCholesky;
import dev.phasor.mel.MelFilters;
import dev.phasor.mel.MelInverse;
import dev.phasor.phase.Denominator;
import dev.phasor.phase.Floor;
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
     * The adjoint of the derivative of {@link #of(float[])}. That of a root M of a power, 1 / (2 M), is M / (2 d) with
     * d of the rule's {@link dev.phasor.phase.GradientPolicy}, at most 1/(2 f).
     *
     * @param x as it was solved. Not modified.
     * @param magnitude what {@code of} made of it. Not modified.
     * @param gradient Modified: with respect to the magnitudes, then to their powers.
     * @param counts Modified: roots between 0 and the floor, and saturated values, are added
     * @return with respect to {@code x}
     */
    public double[] pullBack(float[] x, float[] magnitude, float[] gradient, BoundedGradient rule, long[] counts) {
        if (power == 2) {
            double floor = rule.floor().value()
                    * (rule.floor().mode() == Floor.Mode.RELATIVE ? Problem.largest(magnitude) : 1);
            Denominator d = Denominator.of(rule.policy(), floor);
            Ranges.inOrder(gradient.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    double m = magnitude[i];
                    double value = gradient[i] * (m / (2 * d.at(m * m)));
                    gradient[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
                    counts[0] += m > 0 && m < floor ? 1 : 0;
                    counts[1] += Math.abs(value) > Float.MAX_VALUE ? 1 : 0;
                }
            });
        }
        return inverse.pullBack(x, gradient);
    }
}
