package dev.phasor.signal;

import java.util.Arrays;

/**
 * Complex spectrograms in the order of a request's or an answer's arrays, [bin][frame]: the engine reads and writes
 * them there, without a copy in its own order.
 */
public final class ComplexRows {

    private final SpectrogramShape shape;
    private final float[] re;
    private final float[] im;
    private final int step;

    private ComplexRows(SpectrogramShape shape, float[] re, float[] im, int step) {
        this.shape = shape;
        this.re = re;
        this.im = im;
        this.step = step;
    }

    /** Real and imaginary parts in arrays of their own, [..., bins, frames]. */
    public static ComplexRows of(SpectrogramShape shape, float[] re, float[] im) {
        return new ComplexRows(shape, re, im, 1);
    }

    /** Real and imaginary parts in one array, [..., 2, bins, frames]. */
    public static ComplexRows ofSubbands(SpectrogramShape shape, float[] values) {
        return new ComplexRows(shape, values, values, 2);
    }

    public SpectrogramShape shape() {
        return shape;
    }

    public int items() {
        return shape.items();
    }

    /** The real parts of an item. */
    public Rows re(int item) {
        return new Rows(re, step * item * shape.planeSize(), shape.frames());
    }

    /** The imaginary parts of an item. */
    public Rows im(int item) {
        return new Rows(im, (step * item + step - 1) * shape.planeSize(), shape.frames());
    }

    /**
     * The same values for a map that treats each by itself: planes [bin][frame], of {@link #shape} with bins and frames
     * exchanged.
     */
    public ComplexSpectrogram elements() {
        float[][] planesRe = new float[items()][];
        float[][] planesIm = new float[items()][];
        Arrays.setAll(planesRe, item -> plane(re, re(item)));
        Arrays.setAll(planesIm, item -> plane(im, im(item)));
        return new ComplexSpectrogram(shape.exchanged(), planesRe, planesIm);
    }

    private float[] plane(float[] values, Rows rows) {
        int from = rows.at(0, 0);
        return values.length == shape.planeSize() ? values : Arrays.copyOfRange(values, from, from + shape.planeSize());
    }
}
