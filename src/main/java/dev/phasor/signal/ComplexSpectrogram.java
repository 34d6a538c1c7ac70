package dev.phasor.signal;

/**
 * A one-sided complex spectrogram, or a gradient of its shape (dL/dre + i dL/dim), as two float planes [frame][bin] per
 * item. Arrays are not copied; a caller must not modify an array after passing it in.
 */
public final class ComplexSpectrogram {

    private final SpectrogramShape shape;
    private final float[][] re;
    private final float[][] im;

    /**
     * @param re real parts, [item][frame * bins + bin]
     * @param im imaginary parts, [item][frame * bins + bin]
     */
    public ComplexSpectrogram(SpectrogramShape shape, float[][] re, float[][] im) {
        Planes.check(shape.leading(), re, shape.planeSize());
        Planes.check(shape.leading(), im, shape.planeSize());
        this.shape = shape;
        this.re = re;
        this.im = im;
    }

    public SpectrogramShape shape() {
        return shape;
    }

    public int items() {
        return re.length;
    }

    /** The real plane of an item, [frame][bin]. Not to be modified. */
    public float[] re(int item) {
        return re[item];
    }

    /** The imaginary plane of an item, [frame][bin]. Not to be modified. */
    public float[] im(int item) {
        return im[item];
    }

    /**
     * |z|, limited to the largest float. Squares are computed in double, where squares of floats neither over- nor
     * underflow.
     */
    public MagnitudeSpectrogram magnitude() {
        float[][] magnitudes = shape.newPlanes();
        for (int item = 0; item < magnitudes.length; item++) {
            float[] x = re[item];
            float[] y = im[item];
            float[] magnitude = magnitudes[item];
            Ranges.forEach(magnitude.length, magnitude.length, 1, (from, to) -> {
                for (int i = from; i < to; i++) {
                    double square = (double) x[i] * x[i] + (double) y[i] * y[i];
                    magnitude[i] = (float) Math.min(Float.MAX_VALUE, Math.sqrt(square));
                }
            });
        }
        return new MagnitudeSpectrogram(shape, magnitudes);
    }
}
