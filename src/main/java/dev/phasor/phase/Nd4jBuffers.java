package dev.phasor.phase;

import dev.phasor.signal.Plane;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The arrays, all of one size and outside the heap, in which {@link Nd4jPhaseKernel} computes. */
final class Nd4jBuffers implements AutoCloseable {

    final int size;

    /** FP32, for input and output. */
    final INDArray x32;

    final INDArray y32;
    final INDArray phase32;

    /** FP64, for computation. */
    final INDArray x;

    final INDArray y;
    final INDArray g;
    final INDArray square;
    final INDArray temporary;

    Nd4jBuffers(int size) {
        this.size = size;
        x32 = Nd4j.createUninitialized(DataType.FLOAT, size);
        y32 = Nd4j.createUninitialized(DataType.FLOAT, size);
        phase32 = Nd4j.createUninitialized(DataType.FLOAT, size);
        x = Nd4j.createUninitialized(DataType.DOUBLE, size);
        y = Nd4j.createUninitialized(DataType.DOUBLE, size);
        g = Nd4j.createUninitialized(DataType.DOUBLE, size);
        square = Nd4j.createUninitialized(DataType.DOUBLE, size);
        temporary = Nd4j.createUninitialized(DataType.DOUBLE, size);
    }

    /** Fills an FP32 array with the values from {@code from} on. */
    void load(Plane plane, int from, INDArray array32) {
        float[] values = plane.values();
        int at = plane.offset() + from;
        array32.data().setData(values.length == size ? values : Arrays.copyOfRange(values, at, at + size));
    }

    /** Fills x, y and g with the elements from {@code from} on. */
    void load(Plane re, Plane im, Plane third, int from) {
        load(re, from, x32);
        x.assign(x32);
        load(im, from, x32);
        y.assign(x32);
        load(third, from, x32);
        g.assign(x32);
    }

    /** Copies an FP32 array to {@code out}, from its value {@code from} on. */
    void store(INDArray array32, Plane out, int from) {
        System.arraycopy(array32.data().asFloat(), 0, out.values(), out.offset() + from, size);
    }

    /** Rounds an FP64 array to float and copies it to {@code out}, from its value {@code from} on. */
    void storeRounded(INDArray array, Plane out, int from) {
        x32.assign(array);
        store(x32, out, from);
    }

    @Override
    public void close() {
        for (INDArray array : new INDArray[] {x32, y32, phase32, x, y, g, square, temporary}) {
            array.close();
        }
    }
}
