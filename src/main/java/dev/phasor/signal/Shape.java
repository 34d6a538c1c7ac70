package dev.phasor.signal;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The sizes of an array's axes, slowest first. A shape without axes is a scalar, with one element.
 *
 * <p>Values carry the <em>leading</em> axes of their input (batch, channel, ...), so an answer has the shape of its
 * input: a mono file is {@code [samples]} without leading axes, a stereo file {@code [2, samples]} has {@code [2]}.
 */
public final class Shape {

    /** No axes: one item. */
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] sizes;

    private Shape(int[] sizes) {
        this.sizes = sizes;
    }

    /** @throws IllegalArgumentException if a size is negative or the product exceeds {@link Integer#MAX_VALUE} */
    public static Shape of(int... sizes) {
        long count = 1;
        for (int size : sizes) {
            if (size < 0) {
                throw new IllegalArgumentException("sizes must be >= 0, got " + Arrays.toString(sizes));
            }
            count = Math.multiplyExact(count, (long) size);
            if (count > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "an array must hold at most 2147483647 values, got shape " + Arrays.toString(sizes));
            }
        }
        return new Shape(sizes.clone());
    }

    public int rank() {
        return sizes.length;
    }

    /** The size of an axis; a negative axis counts from the last, -1. */
    public int size(int axis) {
        return sizes[axis < 0 ? sizes.length + axis : axis];
    }

    /** The product of the sizes. */
    public int count() {
        int count = 1;
        for (int size : sizes) {
            count *= size;
        }
        return count;
    }

    /** This shape followed by more axes. */
    public Shape plus(int... more) {
        int[] all = Arrays.copyOf(sizes, sizes.length + more.length);
        System.arraycopy(more, 0, all, sizes.length, more.length);
        return of(all);
    }

    /** This shape without its last {@code n} axes. */
    public Shape dropLast(int n) {
        return new Shape(Arrays.copyOf(sizes, sizes.length - n));
    }

    /** The multi-index of the flat position {@code position} in row-major order. */
    public int[] index(int position) {
        int[] index = new int[sizes.length];
        int rest = position;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            index[axis] = rest % sizes[axis];
            rest /= sizes[axis];
        }
        return index;
    }

    public int[] toArray() {
        return sizes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override
    public String toString() {
        return Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
