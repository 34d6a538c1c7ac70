package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;
import dev.phasor.stft.Stft;

/**
 * One channel of a mixture and what is known of its sources. Values are scaled by 2^-exponent, so that the largest is
 * below 2.
 */
final class MixtureProblem {

    private final SourceEstimates estimates;
    private final int item;
    private final float[] mixture;
    private final float[] re;
    private final float[] im;
    private final int exponent;
    private final float[][] magnitudes;
    private final MixingShares shares;
    private final AcceleratedIterations iterations;

    MixtureProblem(Stft stft, float[] samples, SourceEstimates estimates, int item, SeparationParameters parameters) {
        this.estimates = estimates;
        this.item = item;
        int size = stft.parameters().frames(samples.length) * stft.parameters().bins();
        re = new float[size];
        im = new float[size];
        float[] peak = samples.clone();
        Ranges.inOrder(peak.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                peak[i] = Math.abs(peak[i]);
            }
        });
        float largest = Math.max(Problem.largest(peak), estimates.largest(item));
        exponent = largest == 0 ? 0 : Math.getExponent(largest);
        mixture = scaled(samples, -exponent, peak);
        stft.forward(mixture, re, im);
        magnitudes = estimates.magnitudes(item, re, im, parameters.residual(), Math.scalb(1.0, -exponent));
        MixingShares asked = parameters.shares();
        shares =
                asked == MixingShares.AUTO ? MagnitudeFit.of(re, im, magnitudes).shares() : asked;
        iterations = new AcceleratedIterations(
                new Projection(stft, MixtureBins.of(magnitudes, re, im, shares), samples.length),
                parameters.momentum(),
                1,
                parameters.iterations());
    }

    private static float[] scaled(float[] samples, int exponent, float[] out) {
        double scale = Math.scalb(1.0, exponent);
        Ranges.forEach(samples.length, samples.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                out[i] = (float) (samples[i] * scale);
            }
        });
        return out;
    }

    MixingShares shares() {
        return shares;
    }

    int sources() {
        return magnitudes.length;
    }

    /** Scaled as the samples are. */
    float[] magnitude(int source) {
        return magnitudes[source];
    }

    /** The sources' samples, scaled, before their sum is the mixture's to the last bit. */
    float[][] separate(AcceleratedIterations.Observer observer) {
        return iterations.run(start(), observer);
    }

    private float[][] start() {
        Projection map = iterations.map();
        begin(map);
        float[][] start = map.newSignals();
        map.start(start);
        return start;
    }

    private void begin(Projection map) {
        estimates.start(item, re, im, map.re(), map.im());
    }

    /**
     * Shares what is left of the mixture, which is the transform's rounding, and samples that no frame determines; the
     * last source has the last bits.
     *
     * @param sources scaled. Modified: as they are answered.
     * @return 10 log10 of the energy that is left over that of the mixture
     */
    double deliver(float[][] sources) {
        double scale = Math.scalb(1.0, exponent);
        double[] energies = new double[2];
        Ranges.inOrder(mixture.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double rest = mixture[i];
                for (float[] source : sources) {
                    rest -= source[i];
                }
                double sum = 0;
                for (int j = 0; j < sources.length - 1; j++) {
                    sources[j][i] = toFloat((sources[j][i] + rest / sources.length) * scale);
                    sum += sources[j][i];
                }
                double whole = mixture[i] * scale;
                sources[sources.length - 1][i] = toFloat(whole - sum);
                double left = whole - sum - sources[sources.length - 1][i];
                energies[0] += left * left;
                energies[1] += whole * whole;
            }
        });
        return Decibels.ofEnergies(energies[0], energies[1]);
    }

    private static float toFloat(double value) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }

    /**
     * The gradient with respect to the estimates.
     *
     * @param cotangent with respect to the sources as they are delivered, an array a source. Modified.
     * @param counts Modified: singular bins and saturated values are added
     * @param dRe Modified: the gradient with respect to complex estimates, or of magnitudes or masks
     * @param dIm Modified: of complex estimates; else not used
     */
    void pullBack(float[][] cotangent, BoundedGradient rule, long[] counts, float[][] dRe, float[][] dIm) {
        Projection map = iterations.map();
        float[][] gradient = new float[magnitudes.length][re.length];
        Cotangents result = withoutMean(cotangent);
        Cotangents first = iterations.pullBack(start(), result, gradient, rule.scaled(-exponent), counts);
        begin(map);
        float[][][] planes = map.unstart(first, gradient);
        double scale = first.scale();
        if (!estimates.isComplex()) {
            map.unproject(planes, gradient, scale);
        }
        for (int j = 0; j < dRe.length; j++) {
            finish(j, planes, gradient[j], scale, dRe[j], dIm[j]);
            counts[1] +=
                    BoundedGradient.saturated(dRe[j]) + (estimates.isComplex() ? BoundedGradient.saturated(dIm[j]) : 0);
        }
    }

    /** The adjoint of the last sharing, which is even. */
    private static Cotangents withoutMean(float[][] cotangent) {
        Cotangents scaled = Cotangents.of(cotangent, 0);
        Ranges.forEach(cotangent[0].length, (long) cotangent.length * cotangent[0].length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                double mean = 0;
                for (float[] of : cotangent) {
                    mean += of[i];
                }
                mean /= cotangent.length;
                for (float[] of : cotangent) {
                    of[i] = (float) (of[i] - mean);
                }
            }
        });
        return Cotangents.of(cotangent, scaled.exponent());
    }

    /** Magnitudes have their gradient; masks |X| times it; estimates z that of the first S, and u times that of |z|. */
    private void finish(int j, float[][][] planes, float[] gradient, double scale, float[] dRe, float[] dIm) {
        boolean complex = estimates.isComplex();
        boolean mask = estimates.isMask();
        Projection map = iterations.map();
        Ranges.forEach(gradient.length, gradient.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                if (complex) {
                    double x = map.re()[j][i];
                    double y = map.im()[j][i];
                    double r = Math.sqrt(x * x + y * y);
                    double of = r == 0 ? 0 : gradient[i] / r;
                    dRe[i] = toFloat(scale * planes[0][j][i] + of * x);
                    dIm[i] = toFloat(scale * planes[1][j][i] + of * y);
                } else {
                    double x = Math.sqrt((double) re[i] * re[i] + (double) im[i] * im[i]);
                    dRe[i] = mask ? toFloat(gradient[i] * x * Math.scalb(1.0, exponent)) : gradient[i];
                }
            }
        });
    }
}
