package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;

/**
 * Whether sources of given magnitudes M_j can sum to a mixture X. Where they can, no side of the polygon of X and the
 * M_j is longer than all others together. {@code violation} is the energy by which sides are longer, as a part of X's,
 * and {@code slack} that of sum M - |X|, which is 0 for the parts of a mask.
 */
record MagnitudeFit(double violation, double slack) {

    /**
     * -40 dB. Exact magnitudes violate nothing, magnitudes with independent errors of 1 % by -45 dB, of 3 % by -33 dB;
     * between them the two shares measured alike (docs/sources.md).
     */
    private static final double MOST_VIOLATION = 1e-4;

    /** The slack of exact magnitudes of two speakers is -15 dB. */
    private static final double LEAST_SLACK = 1e-4;

    /** @param magnitude M_j, a plane a source, of x's length */
    static MagnitudeFit of(float[] re, float[] im, float[][] magnitude) {
        double[] sums = new double[3];
        Ranges.inOrder(re.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double x = Math.sqrt((double) re[i] * re[i] + (double) im[i] * im[i]);
                double total = 0;
                double largest = 0;
                for (float[] of : magnitude) {
                    total += of[i];
                    largest = Math.max(largest, of[i]);
                }
                double longer = Math.max(0, Math.max(x - total, 2 * largest - total - x));
                sums[0] += x * x;
                sums[1] += longer * longer;
                sums[2] += (total - x) * (total - x);
            }
        });
        return sums[0] == 0 ? new MagnitudeFit(1, 1) : new MagnitudeFit(sums[1] / sums[0], sums[2] / sums[0]);
    }

    MixingShares shares() {
        return violation <= MOST_VIOLATION && slack >= LEAST_SLACK ? MixingShares.UNIFORM : MixingShares.MAGNITUDE;
    }
}
