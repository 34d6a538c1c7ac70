package dev.phasor.stft;

import static dev.phasor.signal.VectorWidening.high;
import static dev.phasor.signal.VectorWidening.low;

import dev.phasor.signal.VectorLanes;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies frames to lanes and back: [frame][n] to [n][lane]. Lanes without a frame hold zeros. Full batches of 8 frames
 * are transposed in registers in squares of 8 x 8; other batches are copied value by value.
 */
final class Lanes {

    static final VectorSpecies<Float> SPECIES = VectorLanes.FLOATS;
    static final int COUNT = SPECIES.length();

    private static final int SQUARE = 8;

    private Lanes() {}

    /**
     * Loads the windowed samples {@code first}..{@code end} - 1. Lane i is the frame that starts at {@code at + i
     * stride}.
     *
     * @param first a multiple of 8
     * @param largest Modified: the largest absolute value of each frame
     */
    static void load(
            float[] x,
            int at,
            int stride,
            int frames,
            int first,
            int end,
            float[] window,
            float[] lanes,
            float[] largest) {
        int rest = frames == SQUARE ? end - end % SQUARE : first;
        if (rest > first) {
            Squares.load(x, at, stride, first, rest, window, lanes, largest);
        } else {
            Arrays.fill(largest, 0);
        }
        loadRest(x, at, stride, frames, rest, end, window, lanes, largest);
    }

    /** {@link RealFft#energy} of window[n] x[at + n] - y[from + n] over the window's length. */
    static double squaredDistance(float[] x, int at, float[] window, float[] y, int from) {
        DoubleVector squares = DoubleVector.zero(VectorLanes.DOUBLES);
        DoubleVector sums = DoubleVector.zero(VectorLanes.DOUBLES);
        int size = window.length;
        int whole = SPECIES.loopBound(size);
        for (int n = 0; n < whole; n += COUNT) {
            FloatVector difference = FloatVector.fromArray(SPECIES, window, n)
                    .mul(FloatVector.fromArray(SPECIES, x, at + n))
                    .sub(FloatVector.fromArray(SPECIES, y, from + n));
            DoubleVector first = low(difference);
            DoubleVector second = high(difference);
            squares = squares.add(first.mul(first)).add(second.mul(second));
            sums = sums.add(first).add(second);
        }
        double square = 0;
        double[] parity = new double[2];
        double[] ofLanes = squares.toArray();
        double[] sumsOfLanes = sums.toArray();
        for (int lane = 0; lane < ofLanes.length; lane++) {
            square += ofLanes[lane];
            parity[lane % 2] += sumsOfLanes[lane];
        }
        for (int n = whole; n < size; n++) {
            double difference = window[n] * x[at + n] - y[from + n];
            square += difference * difference;
            parity[n % 2] += difference;
        }
        return RealFft.energy(size, square, parity[0], parity[1]);
    }

    /** sum[at + n] += values[from + n], n = 0..count - 1. */
    static void add(float[] values, int from, int count, double[] sum, int at) {
        int whole = SPECIES.loopBound(count);
        int half = VectorLanes.DOUBLES.length();
        for (int n = 0; n < whole; n += COUNT) {
            FloatVector added = FloatVector.fromArray(SPECIES, values, from + n);
            DoubleVector.fromArray(VectorLanes.DOUBLES, sum, at + n)
                    .add(low(added))
                    .intoArray(sum, at + n);
            DoubleVector.fromArray(VectorLanes.DOUBLES, sum, at + n + half)
                    .add(high(added))
                    .intoArray(sum, at + n + half);
        }
        for (int n = whole; n < count; n++) {
            sum[at + n] += values[from + n];
        }
    }

    /** sum[at + n] += factors[first + n] values[from + n], n = 0..count - 1. */
    static void addProducts(float[] values, int from, float[] factors, int first, int count, double[] sum, int at) {
        int whole = SPECIES.loopBound(count);
        int half = VectorLanes.DOUBLES.length();
        for (int n = 0; n < whole; n += COUNT) {
            FloatVector added = FloatVector.fromArray(SPECIES, values, from + n)
                    .mul(FloatVector.fromArray(SPECIES, factors, first + n));
            DoubleVector.fromArray(VectorLanes.DOUBLES, sum, at + n)
                    .add(low(added))
                    .intoArray(sum, at + n);
            DoubleVector.fromArray(VectorLanes.DOUBLES, sum, at + n + half)
                    .add(high(added))
                    .intoArray(sum, at + n + half);
        }
        for (int n = whole; n < count; n++) {
            sum[at + n] += factors[first + n] * values[from + n];
        }
    }

    /** Copies the lanes of {@code size} vectors, which begin {@code step} values apart. */
    static void copy(float[] values, int at, int step, int size, float[] lanes) {
        for (int n = 0; n < size; n++) {
            FloatVector.fromArray(SPECIES, values, at + n * step).intoArray(lanes, n * COUNT);
        }
    }

    /** Copies batches of {@code size} vectors each to rows that begin {@code step} values apart, a vector to a row. */
    static void copy(float[] batches, int size, int frames, float[] rows, int at, int step) {
        for (int n = 0; n < size; n++) {
            for (int i = 0; i < frames; i += COUNT) {
                FloatVector.fromArray(SPECIES, batches, i * size + n * COUNT).intoArray(rows, at + n * step + i);
            }
        }
    }

    private static void loadRest(
            float[] x,
            int at,
            int stride,
            int frames,
            int from,
            int end,
            float[] window,
            float[] lanes,
            float[] largest) {
        for (int lane = 0; lane < COUNT; lane++) {
            float most = largest[lane];
            for (int n = from; n < end; n++) {
                float value = lane < frames ? window[n] * x[at + lane * stride + n] : 0;
                lanes[n * COUNT + lane] = value;
                most = Math.max(most, Math.abs(value));
            }
            largest[lane] = most;
        }
    }

    /** Writes the largest absolute value of each lane to {@code largest}. */
    static void largest(float[] lanes, int offset, int size, float[] largest) {
        FloatVector most = FloatVector.zero(SPECIES);
        for (int i = offset; i < offset + size * COUNT; i += COUNT) {
            most = most.max(FloatVector.fromArray(SPECIES, lanes, i).abs());
        }
        most.intoArray(largest, 0);
    }

    /** Stores lanes as consecutive rows of {@code size} values. */
    static void store(float[] lanes, int size, int frames, float[] rows, int offset) {
        int squares = frames == SQUARE ? size - size % SQUARE : 0;
        if (squares > 0) {
            Squares.store(lanes, squares, rows, offset, size);
        }
        for (int lane = 0; lane < frames; lane++) {
            int to = offset + lane * size;
            for (int n = squares; n < size; n++) {
                rows[to + n] = lanes[n * COUNT + lane];
            }
        }
    }

    /** Whether {@link Squares#add} supports batches of {@code frames} frames of {@code size} samples. */
    static boolean canAdd(int frames, int size) {
        return frames == SQUARE && COUNT == SQUARE && size % SQUARE == 0;
    }

    /**
     * Stores windowed samples as rows. The pair of samples 2 j and 2 j + 1 is the complex number at {@code place[j]}.
     *
     * @param first the window is 0 before it; a multiple of 8, as is {@code end}, from where it is 0 again
     */
    static void store(float[] lanes, int[] place, float[] window, int first, int end, int frames, float[] rows) {
        if (canAdd(frames, window.length)) {
            Arrays.fill(rows, 0, frames * window.length, 0);
            Squares.add(lanes, place, window, first, end, rows, 0, window.length);
            return;
        }
        int size = window.length;
        for (int lane = 0; lane < frames; lane++) {
            int to = lane * size;
            for (int j = 0; j < place.length; j++) {
                int from = place[j] * 2 * COUNT + lane;
                rows[to + 2 * j] = window[2 * j] * lanes[from];
                rows[to + 2 * j + 1] = window[2 * j + 1] * lanes[from + COUNT];
            }
        }
    }
}
