package dev.phasor.codec;

import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.Shape;

/** Converts column-major order (the first axis varies fastest) to row-major order. */
final class FortranOrder {

    private FortranOrder() {}

    /** Whether an array has at most one plane, which then stands in {@link PlaneOrder#FRAMES_FIRST} and may stay so. */
    static boolean isPlane(Shape shape) {
        return shape.rank() >= 2 && shape.dropLast(2).count() == 1;
    }

    static NpyArray toRowMajor(NpyArray array) {
        if (array.shape().rank() < 2) {
            return array;
        }
        return array.map(values -> toRowMajor(values, array.shape()));
    }

    private static float[] toRowMajor(float[] columnMajor, Shape shape) {
        float[] out = new float[columnMajor.length];
        if (isPlane(shape)) {
            Transpose.of(columnMajor, 0, shape.size(-1), shape.size(-2), out, 0);
            return out;
        }
        int[] sizes = shape.toArray();
        int[] strides = new int[sizes.length];
        int stride = 1;
        for (int axis = 0; axis < sizes.length; axis++) {
            strides[axis] = stride;
            stride *= sizes[axis];
        }
        int[] index = new int[sizes.length];
        int from = 0;
        for (int to = 0; to < out.length; to++) {
            out[to] = columnMajor[from];
            // Like an odometer: the last axis turns fastest.
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                from += strides[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                from -= strides[axis] * sizes[axis];
                index[axis] = 0;
            }
        }
        return out;
    }
}
