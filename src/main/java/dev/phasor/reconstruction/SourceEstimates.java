package dev.phasor.reconstruction;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.SpectrogramShape;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the sources of a mixture: their magnitudes, their parts of its magnitude, or complex estimates. The
 * first axis of the values is the source's, {@code [sources, ..., bins, frames]}; the others are the mixture's.
 */
public final class SourceEstimates {

    private final SpectrogramShape shape;
    private final @Nullable RealSpectrogram magnitude;
    private final @Nullable RealSpectrogram mask;
    private final @Nullable ComplexSpectrogram estimate;

    private SourceEstimates(
            SpectrogramShape shape,
            @Nullable RealSpectrogram magnitude,
            @Nullable RealSpectrogram mask,
            @Nullable ComplexSpectrogram estimate) {
        this.shape = shape;
        this.magnitude = magnitude;
        this.mask = mask;
        this.estimate = estimate;
    }

    public static SourceEstimates ofMagnitudes(MagnitudeSpectrogram magnitude) {
        return new SourceEstimates(magnitude.shape(), magnitude, null, null);
    }

    /** @param mask not negative: M_j is its product with |X| */
    public static SourceEstimates ofMasks(RealSpectrogram mask) {
        return new SourceEstimates(mask.shape(), null, mask, null);
    }

    /** Those that start with a phase of their own. */
    public static SourceEstimates of(ComplexSpectrogram estimate) {
        return new SourceEstimates(estimate.shape(), null, null, estimate);
    }

    public SpectrogramShape shape() {
        return shape;
    }

    /** Null unless they came as magnitudes. */
    public @Nullable RealSpectrogram magnitude() {
        return magnitude;
    }

    int sources() {
        return shape.leading().size(0);
    }

    boolean isComplex() {
        return estimate != null;
    }

    boolean isMask() {
        return mask != null;
    }

    /**
     * The sources' magnitudes times {@code scale}, for the mixture's {@code item}-th X; one more plane for the rest.
     */
    float[][] magnitudes(int item, float[] re, float[] im, boolean residual, double scale) {
        int items = shape.items() / sources();
        float[][] planes = new float[sources() + (residual ? 1 : 0)][re.length];
        Ranges.forEach(re.length, (long) MixtureBins.WORK * re.length * planes.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                double x = Math.sqrt((double) re[i] * re[i] + (double) im[i] * im[i]);
                double rest = x * x;
                for (int j = 0; j < sources(); j++) {
                    double m = magnitude(j * items + item, i, x, scale);
                    planes[j][i] = (float) m;
                    rest -= m * m;
                }
                if (residual) {
                    planes[sources()][i] = (float) Math.sqrt(Math.max(0, rest));
                }
            }
        });
        return planes;
    }

    /** @param x of the mixture, scaled already */
    private double magnitude(int plane, int i, double x, double scale) {
        if (mask != null) {
            return mask.values(plane)[i] * x;
        }
        if (estimate != null) {
            double re = estimate.re(plane)[i];
            double im = estimate.im(plane)[i];
            return Math.sqrt(re * re + im * im) * scale;
        }
        return magnitude == null ? 0 : magnitude.values(plane)[i] * scale;
    }

    /** The largest of all sources' values of an item, without their signs. */
    float largest(int item) {
        int items = shape.items() / sources();
        float largest = 0;
        for (int j = 0; j < sources(); j++) {
            int plane = j * items + item;
            if (magnitude != null) {
                largest = Math.max(largest, Problem.largest(magnitude.values(plane)));
            } else if (estimate != null) {
                largest = Math.max(largest, most(estimate.re(plane)));
                largest = Math.max(largest, most(estimate.im(plane)));
            }
        }
        return largest;
    }

    private static float most(float[] values) {
        float[] largest = new float[1];
        Ranges.inOrder(values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                largest[0] = Math.max(largest[0], Math.abs(values[i]));
            }
        });
        return largest[0];
    }

    /**
     * The complex values that the first signals are of: the estimates, or the mixture's for its phase. Those of a
     * residual are the mixture's.
     *
     * @param outRe Modified, as is {@code outIm}: a plane a source
     */
    void start(int item, float[] re, float[] im, float[][] outRe, float[][] outIm) {
        int items = shape.items() / sources();
        for (int j = 0; j < outRe.length; j++) {
            boolean own = estimate != null && j < sources();
            ComplexSpectrogram of = estimate;
            float[] fromRe = own && of != null ? of.re(j * items + item) : re;
            float[] fromIm = own && of != null ? of.im(j * items + item) : im;
            System.arraycopy(fromRe, 0, outRe[j], 0, re.length);
            System.arraycopy(fromIm, 0, outIm[j], 0, im.length);
        }
    }
}
