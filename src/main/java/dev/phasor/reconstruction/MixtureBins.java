package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;
import org.jspecify.annotations.Nullable;

/**
 * The maps of one item that treat each bin by itself, with their adjoints: the magnitudes M_j are set, and the mixing
 * error is shared,
 *
 * <pre>
 * S_j = M_j sgn(z_j),   V_j = S_j + L_j (X - sum S),   L_j = M_j^p / sum M^p
 * </pre>
 *
 * with sgn(0) = 1 and L_j = 1/J where all M are 0. Without a mixture V = S. Bins are computed in double precision,
 * where squares of floats neither under- nor overflow. Planes are [frame][bin], one a source.
 */
final class MixtureBins {

    /** Work of a bin, in values passed over. */
    static final int WORK = 12;

    private final float[][] magnitude;
    private final float @Nullable [] mixtureRe;
    private final float @Nullable [] mixtureIm;
    private final int exponent;

    private MixtureBins(float[][] magnitude, float @Nullable [] mixtureRe, float @Nullable [] mixtureIm, int exponent) {
        this.magnitude = magnitude;
        this.mixtureRe = mixtureRe;
        this.mixtureIm = mixtureIm;
        this.exponent = exponent;
    }

    /** Those of sources that sum to X. */
    static MixtureBins of(float[][] magnitude, float[] mixtureRe, float[] mixtureIm, MixingShares shares) {
        return new MixtureBins(magnitude, mixtureRe, mixtureIm, shares.exponent());
    }

    /** Those of one signal. */
    static MixtureBins alone(float[] magnitude) {
        return new MixtureBins(new float[][] {magnitude}, null, null, 0);
    }

    int sources() {
        return magnitude.length;
    }

    int planeSize() {
        return magnitude[0].length;
    }

    /**
     * V of z.
     *
     * @param re Modified, as is {@code im}: z before, V after
     */
    void apply(float[][] re, float[][] im) {
        each((from, to) -> {
            Bin bin = new Bin();
            for (int i = from; i < to; i++) {
                bin.read(i, re, im);
                for (int j = 0; j < magnitude.length; j++) {
                    re[j][i] = (float) (bin.re[j] + bin.share[j] * bin.errorRe);
                    im[j][i] = (float) (bin.im[j] + bin.share[j] * bin.errorIm);
                }
            }
        });
    }

    /**
     * The pullback to S and, through the shares, to M: dS_j = dV_j - sum L dV, dL_j = Re(conj(X - sum S) dV_j).
     *
     * @param dRe Modified, as is {@code dIm}: dV before, dS after
     * @param gradient Modified: {@code scale} times what comes through the shares is added
     */
    void unmix(float[][] re, float[][] im, float[][] dRe, float[][] dIm, float[][] gradient, double scale) {
        if (mixtureRe == null) {
            return;
        }
        each((from, to) -> {
            Bin bin = new Bin();
            for (int i = from; i < to; i++) {
                bin.read(i, re, im);
                double meanRe = 0;
                double meanIm = 0;
                for (int j = 0; j < magnitude.length; j++) {
                    meanRe += bin.share[j] * dRe[j][i];
                    meanIm += bin.share[j] * dIm[j][i];
                }
                double mean = bin.errorRe * meanRe + bin.errorIm * meanIm;
                for (int j = 0; j < magnitude.length; j++) {
                    if (exponent > 0 && bin.powers > 0) {
                        double own = bin.errorRe * dRe[j][i] + bin.errorIm * dIm[j][i];
                        double slope = exponent == 1 ? 1 : 2.0 * magnitude[j][i];
                        add(gradient[j], i, scale * (slope / bin.powers * (own - mean)));
                    }
                    dRe[j][i] = (float) (dRe[j][i] - meanRe);
                    dIm[j][i] = (float) (dIm[j][i] - meanIm);
                }
            }
        });
    }

    /**
     * The pullback of S to M and to the angle of z: with u = sgn(z), dM = Re(conj(u) dS), dphi = M Im(conj(u) dS).
     *
     * @param dRe Modified: the real part of dS before, dphi after
     * @param gradient Modified: {@code scale} dM is added
     */
    void unproject(float[][] re, float[][] im, float[][] dRe, float[][] dIm, float[][] gradient, double scale) {
        each((from, to) -> {
            for (int j = 0; j < magnitude.length; j++) {
                for (int i = from; i < to; i++) {
                    double r = Math.sqrt((double) re[j][i] * re[j][i] + (double) im[j][i] * im[j][i]);
                    double cos = r == 0 ? 1 : re[j][i] / r;
                    double sin = r == 0 ? 0 : im[j][i] / r;
                    add(gradient[j], i, scale * (cos * dRe[j][i] + sin * dIm[j][i]));
                    dRe[j][i] = (float) (magnitude[j][i] * (cos * dIm[j][i] - sin * dRe[j][i]));
                }
            }
        });
    }

    private void each(Ranges.Body body) {
        Ranges.forEach(planeSize(), (long) WORK * planeSize() * sources(), 1, body);
    }

    /** A sum beyond the range of float32 is its end: two infinities would make a NaN. */
    private static void add(float[] sums, int at, double value) {
        double sum = sums[at] + value;
        sums[at] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, sum));
    }

    /** S, L, sum M^p and the mixing error of one bin. */
    private final class Bin {

        private final double[] re = new double[magnitude.length];
        private final double[] im = new double[magnitude.length];
        private final double[] share = new double[magnitude.length];
        private double powers;
        private double errorRe;
        private double errorIm;

        void read(int i, float[][] ofRe, float[][] ofIm) {
            powers = 0;
            errorRe = mixtureRe == null ? 0 : mixtureRe[i];
            errorIm = mixtureIm == null ? 0 : mixtureIm[i];
            for (int j = 0; j < re.length; j++) {
                double m = magnitude[j][i];
                double x = ofRe[j][i];
                double y = ofIm[j][i];
                double r = Math.sqrt(x * x + y * y);
                re[j] = r == 0 ? m : m * (x / r);
                im[j] = r == 0 ? 0 : m * (y / r);
                errorRe -= re[j];
                errorIm -= im[j];
                share[j] = exponent == 0 ? 1 : exponent == 1 ? m : m * m;
                powers += share[j];
            }
            for (int j = 0; j < re.length; j++) {
                share[j] = mixtureRe == null ? 0 : powers == 0 ? 1.0 / re.length : share[j] / powers;
            }
        }
    }
}
