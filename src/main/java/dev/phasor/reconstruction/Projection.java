package dev.phasor.reconstruction;

import dev.phasor.phase.PhaseGradient;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;

/**
 * What an iteration does to its signals, with its adjoint: the transform, {@link MixtureBins} and the least-squares
 * inverse. Signals are arrays of one length, one a source.
 */
class Projection {

    private final Stft stft;
    private final MixtureBins bins;
    private final int length;
    private final float[][] re;
    private final float[][] im;

    Projection(Stft stft, MixtureBins bins, int length) {
        this.stft = stft;
        this.bins = bins;
        this.length = length;
        re = new float[bins.sources()][bins.planeSize()];
        im = new float[bins.sources()][bins.planeSize()];
    }

    int length() {
        return length;
    }

    float[][] newSignals() {
        return new float[bins.sources()][length];
    }

    /** Planes of z that {@link #start} begins with: to be set before it. */
    float[][] re() {
        return re;
    }

    float[][] im() {
        return im;
    }

    /**
     * The signals of the bins' map of {@link #re} and {@link #im}, which it overwrites.
     *
     * @param out Modified.
     */
    void start(float[][] out) {
        bins.apply(re, im);
        for (int j = 0; j < out.length; j++) {
            stft.inverse(re[j], im[j], out[j]);
        }
    }

    /**
     * One iteration.
     *
     * @param out Modified; may be {@code signals}
     */
    void apply(float[][] signals, float[][] out) {
        for (int j = 0; j < signals.length; j++) {
            stft.forward(signals[j], re[j], im[j]);
        }
        start(out);
    }

    /**
     * The pullback of {@link #start} to S of {@link MixtureBins}; {@link #re} and {@link #im} are what it began with,
     * and stay.
     *
     * @param gradient Modified: what belongs to the magnitudes through the shares is added
     * @return dRe and dIm, each a plane a source, of {@code signals.scale()}
     */
    float[][][] unstart(Cotangents signals, float[][] gradient) {
        float[][][] planes = new float[2][bins.sources()][bins.planeSize()];
        for (int j = 0; j < bins.sources(); j++) {
            stft.inverseVjp(signals.values()[j], planes[0][j], planes[1][j]);
        }
        bins.unmix(re, im, planes[0], planes[1], gradient, signals.scale());
        return planes;
    }

    /** The pullback of S to the angles and the magnitudes, with what {@link #unstart} gave. */
    void unproject(float[][][] planes, float[][] gradient, double scale) {
        bins.unproject(re, im, planes[0], planes[1], gradient, scale);
    }

    /**
     * The pullback of {@link #apply} to the signals.
     *
     * @param cotangents with respect to {@code out}
     * @param gradient Modified: the gradient with respect to the magnitudes is added
     * @param counts Modified: singular bins and saturated values are added
     */
    Cotangents pullBack(
            float[][] signals, Cotangents cotangents, float[][] gradient, BoundedGradient rule, long[] counts) {
        for (int j = 0; j < signals.length; j++) {
            stft.forward(signals[j], re[j], im[j]);
        }
        float[][][] planes = unstart(cotangents, gradient);
        unproject(planes, gradient, cotangents.scale());
        int of = stft.parameters().bins();
        SpectrogramShape shape = new SpectrogramShape(Shape.of(bins.sources()), of, bins.planeSize() / of);
        PhaseGradient back = rule.phase()
                .angleVjp(
                        new ComplexSpectrogram(shape, re, im),
                        new RealSpectrogram(shape, planes[0]),
                        rule.policy(),
                        rule.floor());
        counts[0] += back.singularBins();
        counts[1] += back.saturated();
        float[][] all = new float[2 * bins.sources()][];
        for (int j = 0; j < bins.sources(); j++) {
            all[2 * j] = back.gradient().re(j);
            all[2 * j + 1] = back.gradient().im(j);
        }
        Cotangents scaled = Cotangents.of(all, cotangents.exponent());
        float[][] result = newSignals();
        for (int j = 0; j < bins.sources(); j++) {
            stft.forwardVjp(all[2 * j], all[2 * j + 1], result[j]);
        }
        return Cotangents.of(result, scaled.exponent());
    }
}
