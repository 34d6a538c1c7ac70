package dev.phasor.signal;

import java.util.function.IntFunction;

/**
 * Complex spectrograms in the order of a request's or an answer's arrays: the engine reads and writes them there,
 * without a copy in its own order.
 */
public final class ComplexRows {

    private final SpectrogramShape shape;
    private final PlaneOrder order;
    private final IntFunction<Plane> re;
    private final IntFunction<Plane> im;

    private ComplexRows(SpectrogramShape shape, PlaneOrder order, IntFunction<Plane> re, IntFunction<Plane> im) {
        this.shape = shape;
        this.order = order;
        this.re = re;
        this.im = im;
    }

    /** Real and imaginary parts in arrays of their own, one plane an item. */
    public static ComplexRows of(SpectrogramShape shape, PlaneOrder order, float[] re, float[] im) {
        int size = shape.planeSize();
        return new ComplexRows(
                shape, order, item -> new Plane(re, item * size, size), item -> new Plane(im, item * size, size));
    }

    /** Real and imaginary parts in one array, [..., 2, bins, frames]. */
    public static ComplexRows ofSubbands(SpectrogramShape shape, float[] values) {
        int size = shape.planeSize();
        return new ComplexRows(
                shape,
                PlaneOrder.BINS_FIRST,
                item -> new Plane(values, 2 * item * size, size),
                item -> new Plane(values, (2 * item + 1) * size, size));
    }

    /** The rows whose {@link #elements} these are. */
    public static ComplexRows ofElements(ComplexSpectrogram elements, PlaneOrder order) {
        return new ComplexRows(
                order.planes(elements.shape()),
                order,
                item -> Plane.of(elements.re(item)),
                item -> Plane.of(elements.im(item)));
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
        return rows(rePlane(item));
    }

    /** The imaginary parts of an item. */
    public Rows im(int item) {
        return rows(imPlane(item));
    }

    private Rows rows(Plane plane) {
        return new Rows(plane.values(), plane.offset(), shape, order);
    }

    /** The real parts of an item, for a map that treats each value by itself. */
    public Plane rePlane(int item) {
        return re.apply(item);
    }

    /** The imaginary parts of an item, for a map that treats each value by itself. */
    public Plane imPlane(int item) {
        return im.apply(item);
    }

    /**
     * The same values for a map that treats each by itself: planes in this order, see {@link PlaneOrder#planes}. A
     * plane that is not the whole of its array is copied.
     */
    public ComplexSpectrogram elements() {
        return new ComplexSpectrogram(order.planes(shape), arrays(re), arrays(im));
    }

    private float[][] arrays(IntFunction<Plane> planes) {
        float[][] arrays = new float[items()][];
        for (int item = 0; item < arrays.length; item++) {
            arrays[item] = planes.apply(item).toArray();
        }
        return arrays;
    }
}
