package dev.phasor.signal;

import java.util.Arrays;

/**
 * Complex spectrograms in the order of a request's or an answer's arrays: the engine reads and writes them there,
 * without a copy in its own order.
 */
public final class ComplexRows {

    private final SpectrogramShape shape;
    private final PlaneOrder order;
    private final float[] re;
    private final float[] im;
    private final int step;

    private ComplexRows(SpectrogramShape shape, PlaneOrder order, float[] re, float[] im, int step) {
        this.shape = shape;
        this.order = order;
        this.re = re;
        this.im = im;
        this.step = step;
    }

    /** Real and imaginary parts in arrays of their own, one plane an item. */
    public static ComplexRows of(SpectrogramShape shape, PlaneOrder order, float[] re, float[] im) {
        return new ComplexRows(shape, order, re, im, 1);
    }

    /** Real and imaginary parts in one array, [..., 2, bins, frames]. */
    public static ComplexRows ofSubbands(SpectrogramShape shape, float[] values) {
        return new ComplexRows(shape, PlaneOrder.BINS_FIRST, values, values, 2);
    }

    public SpectrogramShape shape() {
        return shape;
    }

    public PlaneOrder order() {
        return order;
    }

    public int items() {
        return shape.items();
    }

    /** The real parts of an item. */
    public Rows re(int item) {
        return new Rows(re, offset(item, 0), shape, order);
    }

    /** The imaginary parts of an item. */
    public Rows im(int item) {
        return new Rows(im, offset(item, step - 1), shape, order);
    }

    private int offset(int item, int plane) {
        return (step * item + plane) * shape.planeSize();
    }

    /** The same values for a map that treats each by itself: planes in this order, see {@link PlaneOrder#planes}. */
    public ComplexSpectrogram elements() {
        float[][] planesRe = new float[items()][];
        float[][] planesIm = new float[items()][];
        Arrays.setAll(planesRe, item -> plane(re, offset(item, 0)));
        Arrays.setAll(planesIm, item -> plane(im, offset(item, step - 1)));
        return new ComplexSpectrogram(order.planes(shape), planesRe, planesIm);
    }

    private float[] plane(float[] values, int from) {
        return values.length == shape.planeSize() ? values : Arrays.copyOfRange(values, from, from + shape.planeSize());
    }
}
