package dev.phasor.stft;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes squares of 8 x 8 values in registers (Eklundh 1972): exchanges halves between vectors 4 apart, then
 * quarters between vectors 2 apart, then single values between neighbors. The three methods repeat the code because a
 * vector that leaves its method becomes an object.
 */
final class Squares {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_256;
    private static final int SIDE = 8;

    /**
     * All bits of a float except its sign. Absolute values order like these integers, and comparing integers is faster.
     */
    private static final IntVector MAGNITUDE = IntVector.broadcast(IntVector.SPECIES_256, 0x7fffffff);

    /** The shuffle that exchanges lane i and lane i xor 4. */
    private static final VectorShuffle<Float> BY_4 = exchange(4);

    private static final VectorShuffle<Float> BY_2 = exchange(2);
    private static final VectorShuffle<Float> BY_1 = exchange(1);

    /** The lanes whose number has the bit 4 set. */
    private static final VectorMask<Float> HIGH_4 = mask(4);

    private static final VectorMask<Float> HIGH_2 = mask(2);
    private static final VectorMask<Float> HIGH_1 = mask(1);
    private static final VectorMask<Float> LOW_4 = HIGH_4.not();
    private static final VectorMask<Float> LOW_2 = HIGH_2.not();
    private static final VectorMask<Float> LOW_1 = HIGH_1.not();

    private Squares() {}

    private static VectorShuffle<Float> exchange(int distance) {
        return VectorShuffle.fromOp(SPECIES, lane -> lane ^ distance);
    }

    private static VectorMask<Float> mask(int bit) {
        boolean[] lanes = new boolean[SIDE];
        for (int lane = 0; lane < SIDE; lane++) {
            lanes[lane] = (lane & bit) != 0;
        }
        return VectorMask.fromArray(SPECIES, lanes, 0);
    }

    /**
     * lanes[n][i] = window[n] x[at + i stride + n], n = first..end - 1.
     *
     * @param first a multiple of 8, as is {@code end}
     * @param largest Modified: the largest absolute value of each i.
     */
    static void load(
            float[] x, int at, int stride, int first, int end, float[] window, float[] lanes, float[] largest) {
        IntVector most = IntVector.zero(IntVector.SPECIES_256);
        for (int n = first; n < end; n += SIDE) {
            int row = at + n;
            FloatVector w = FloatVector.fromArray(SPECIES, window, n);
            FloatVector a = FloatVector.fromArray(SPECIES, x, row).mul(w);
            FloatVector b = FloatVector.fromArray(SPECIES, x, row + stride).mul(w);
            FloatVector c = FloatVector.fromArray(SPECIES, x, row + 2 * stride).mul(w);
            FloatVector d = FloatVector.fromArray(SPECIES, x, row + 3 * stride).mul(w);
            FloatVector e = FloatVector.fromArray(SPECIES, x, row + 4 * stride).mul(w);
            FloatVector f = FloatVector.fromArray(SPECIES, x, row + 5 * stride).mul(w);
            FloatVector g = FloatVector.fromArray(SPECIES, x, row + 6 * stride).mul(w);
            FloatVector h = FloatVector.fromArray(SPECIES, x, row + 7 * stride).mul(w);
            FloatVector a4 = a.blend(e.rearrange(BY_4), HIGH_4);
            FloatVector e4 = e.blend(a.rearrange(BY_4), LOW_4);
            FloatVector b4 = b.blend(f.rearrange(BY_4), HIGH_4);
            FloatVector f4 = f.blend(b.rearrange(BY_4), LOW_4);
            FloatVector c4 = c.blend(g.rearrange(BY_4), HIGH_4);
            FloatVector g4 = g.blend(c.rearrange(BY_4), LOW_4);
            FloatVector d4 = d.blend(h.rearrange(BY_4), HIGH_4);
            FloatVector h4 = h.blend(d.rearrange(BY_4), LOW_4);
            FloatVector a2 = a4.blend(c4.rearrange(BY_2), HIGH_2);
            FloatVector c2 = c4.blend(a4.rearrange(BY_2), LOW_2);
            FloatVector b2 = b4.blend(d4.rearrange(BY_2), HIGH_2);
            FloatVector d2 = d4.blend(b4.rearrange(BY_2), LOW_2);
            FloatVector e2 = e4.blend(g4.rearrange(BY_2), HIGH_2);
            FloatVector g2 = g4.blend(e4.rearrange(BY_2), LOW_2);
            FloatVector f2 = f4.blend(h4.rearrange(BY_2), HIGH_2);
            FloatVector h2 = h4.blend(f4.rearrange(BY_2), LOW_2);
            FloatVector a1 = a2.blend(b2.rearrange(BY_1), HIGH_1);
            FloatVector b1 = b2.blend(a2.rearrange(BY_1), LOW_1);
            FloatVector c1 = c2.blend(d2.rearrange(BY_1), HIGH_1);
            FloatVector d1 = d2.blend(c2.rearrange(BY_1), LOW_1);
            FloatVector e1 = e2.blend(f2.rearrange(BY_1), HIGH_1);
            FloatVector f1 = f2.blend(e2.rearrange(BY_1), LOW_1);
            FloatVector g1 = g2.blend(h2.rearrange(BY_1), HIGH_1);
            FloatVector h1 = h2.blend(g2.rearrange(BY_1), LOW_1);
            most = most.max(a1.reinterpretAsInts().and(MAGNITUDE));
            most = most.max(b1.reinterpretAsInts().and(MAGNITUDE));
            most = most.max(c1.reinterpretAsInts().and(MAGNITUDE));
            most = most.max(d1.reinterpretAsInts().and(MAGNITUDE));
            most = most.max(e1.reinterpretAsInts().and(MAGNITUDE));
            most = most.max(f1.reinterpretAsInts().and(MAGNITUDE));
            most = most.max(g1.reinterpretAsInts().and(MAGNITUDE));
            most = most.max(h1.reinterpretAsInts().and(MAGNITUDE));
            int to = n * SIDE;
            a1.intoArray(lanes, to);
            b1.intoArray(lanes, to + SIDE);
            c1.intoArray(lanes, to + 2 * SIDE);
            d1.intoArray(lanes, to + 3 * SIDE);
            e1.intoArray(lanes, to + 4 * SIDE);
            f1.intoArray(lanes, to + 5 * SIDE);
            g1.intoArray(lanes, to + 6 * SIDE);
            h1.intoArray(lanes, to + 7 * SIDE);
        }
        most.reinterpretAsFloats().intoArray(largest, 0);
    }

    /**
     * rows[offset + i stride + n] = lanes[n][i], n = 0..size - 1.
     *
     * @param size a multiple of 8
     */
    static void store(float[] lanes, int size, float[] rows, int offset, int stride) {
        for (int n = 0; n < size; n += SIDE) {
            int from = n * SIDE;
            FloatVector a = FloatVector.fromArray(SPECIES, lanes, from);
            FloatVector b = FloatVector.fromArray(SPECIES, lanes, from + SIDE);
            FloatVector c = FloatVector.fromArray(SPECIES, lanes, from + 2 * SIDE);
            FloatVector d = FloatVector.fromArray(SPECIES, lanes, from + 3 * SIDE);
            FloatVector e = FloatVector.fromArray(SPECIES, lanes, from + 4 * SIDE);
            FloatVector f = FloatVector.fromArray(SPECIES, lanes, from + 5 * SIDE);
            FloatVector g = FloatVector.fromArray(SPECIES, lanes, from + 6 * SIDE);
            FloatVector h = FloatVector.fromArray(SPECIES, lanes, from + 7 * SIDE);
            FloatVector a4 = a.blend(e.rearrange(BY_4), HIGH_4);
            FloatVector e4 = e.blend(a.rearrange(BY_4), LOW_4);
            FloatVector b4 = b.blend(f.rearrange(BY_4), HIGH_4);
            FloatVector f4 = f.blend(b.rearrange(BY_4), LOW_4);
            FloatVector c4 = c.blend(g.rearrange(BY_4), HIGH_4);
            FloatVector g4 = g.blend(c.rearrange(BY_4), LOW_4);
            FloatVector d4 = d.blend(h.rearrange(BY_4), HIGH_4);
            FloatVector h4 = h.blend(d.rearrange(BY_4), LOW_4);
            FloatVector a2 = a4.blend(c4.rearrange(BY_2), HIGH_2);
            FloatVector c2 = c4.blend(a4.rearrange(BY_2), LOW_2);
            FloatVector b2 = b4.blend(d4.rearrange(BY_2), HIGH_2);
            FloatVector d2 = d4.blend(b4.rearrange(BY_2), LOW_2);
            FloatVector e2 = e4.blend(g4.rearrange(BY_2), HIGH_2);
            FloatVector g2 = g4.blend(e4.rearrange(BY_2), LOW_2);
            FloatVector f2 = f4.blend(h4.rearrange(BY_2), HIGH_2);
            FloatVector h2 = h4.blend(f4.rearrange(BY_2), LOW_2);
            FloatVector a1 = a2.blend(b2.rearrange(BY_1), HIGH_1);
            FloatVector b1 = b2.blend(a2.rearrange(BY_1), LOW_1);
            FloatVector c1 = c2.blend(d2.rearrange(BY_1), HIGH_1);
            FloatVector d1 = d2.blend(c2.rearrange(BY_1), LOW_1);
            FloatVector e1 = e2.blend(f2.rearrange(BY_1), HIGH_1);
            FloatVector f1 = f2.blend(e2.rearrange(BY_1), LOW_1);
            FloatVector g1 = g2.blend(h2.rearrange(BY_1), HIGH_1);
            FloatVector h1 = h2.blend(g2.rearrange(BY_1), LOW_1);
            int row = offset + n;
            a1.intoArray(rows, row);
            b1.intoArray(rows, row + stride);
            c1.intoArray(rows, row + 2 * stride);
            d1.intoArray(rows, row + 3 * stride);
            e1.intoArray(rows, row + 4 * stride);
            f1.intoArray(rows, row + 5 * stride);
            g1.intoArray(rows, row + 6 * stride);
            h1.intoArray(rows, row + 7 * stride);
        }
    }

    /**
     * sum[at + i stride + 2 j + part] += w[2 j + part] lanes[2 place[j] + part][i], for part = 0 (real) and 1
     * (imaginary), and samples from..end - 1.
     *
     * @param from a multiple of 8, as is {@code end}
     */
    static void add(float[] lanes, int[] place, float[] window, int from, int end, float[] sum, int at, int stride) {
        for (int n = from; n < end; n += SIDE) {
            int first = place[n / 2] * 2 * SIDE;
            int second = place[n / 2 + 1] * 2 * SIDE;
            int third = place[n / 2 + 2] * 2 * SIDE;
            int fourth = place[n / 2 + 3] * 2 * SIDE;
            FloatVector a = FloatVector.fromArray(SPECIES, lanes, first);
            FloatVector b = FloatVector.fromArray(SPECIES, lanes, first + SIDE);
            FloatVector c = FloatVector.fromArray(SPECIES, lanes, second);
            FloatVector d = FloatVector.fromArray(SPECIES, lanes, second + SIDE);
            FloatVector e = FloatVector.fromArray(SPECIES, lanes, third);
            FloatVector f = FloatVector.fromArray(SPECIES, lanes, third + SIDE);
            FloatVector g = FloatVector.fromArray(SPECIES, lanes, fourth);
            FloatVector h = FloatVector.fromArray(SPECIES, lanes, fourth + SIDE);
            FloatVector a4 = a.blend(e.rearrange(BY_4), HIGH_4);
            FloatVector e4 = e.blend(a.rearrange(BY_4), LOW_4);
            FloatVector b4 = b.blend(f.rearrange(BY_4), HIGH_4);
            FloatVector f4 = f.blend(b.rearrange(BY_4), LOW_4);
            FloatVector c4 = c.blend(g.rearrange(BY_4), HIGH_4);
            FloatVector g4 = g.blend(c.rearrange(BY_4), LOW_4);
            FloatVector d4 = d.blend(h.rearrange(BY_4), HIGH_4);
            FloatVector h4 = h.blend(d.rearrange(BY_4), LOW_4);
            FloatVector a2 = a4.blend(c4.rearrange(BY_2), HIGH_2);
            FloatVector c2 = c4.blend(a4.rearrange(BY_2), LOW_2);
            FloatVector b2 = b4.blend(d4.rearrange(BY_2), HIGH_2);
            FloatVector d2 = d4.blend(b4.rearrange(BY_2), LOW_2);
            FloatVector e2 = e4.blend(g4.rearrange(BY_2), HIGH_2);
            FloatVector g2 = g4.blend(e4.rearrange(BY_2), LOW_2);
            FloatVector f2 = f4.blend(h4.rearrange(BY_2), HIGH_2);
            FloatVector h2 = h4.blend(f4.rearrange(BY_2), LOW_2);
            FloatVector a1 = a2.blend(b2.rearrange(BY_1), HIGH_1);
            FloatVector b1 = b2.blend(a2.rearrange(BY_1), LOW_1);
            FloatVector c1 = c2.blend(d2.rearrange(BY_1), HIGH_1);
            FloatVector d1 = d2.blend(c2.rearrange(BY_1), LOW_1);
            FloatVector e1 = e2.blend(f2.rearrange(BY_1), HIGH_1);
            FloatVector f1 = f2.blend(e2.rearrange(BY_1), LOW_1);
            FloatVector g1 = g2.blend(h2.rearrange(BY_1), HIGH_1);
            FloatVector h1 = h2.blend(g2.rearrange(BY_1), LOW_1);
            FloatVector w = FloatVector.fromArray(SPECIES, window, n);
            int row = at + n;
            a1.mul(w).add(FloatVector.fromArray(SPECIES, sum, row)).intoArray(sum, row);
            b1.mul(w).add(FloatVector.fromArray(SPECIES, sum, row + stride)).intoArray(sum, row + stride);
            c1.mul(w).add(FloatVector.fromArray(SPECIES, sum, row + 2 * stride)).intoArray(sum, row + 2 * stride);
            d1.mul(w).add(FloatVector.fromArray(SPECIES, sum, row + 3 * stride)).intoArray(sum, row + 3 * stride);
            e1.mul(w).add(FloatVector.fromArray(SPECIES, sum, row + 4 * stride)).intoArray(sum, row + 4 * stride);
            f1.mul(w).add(FloatVector.fromArray(SPECIES, sum, row + 5 * stride)).intoArray(sum, row + 5 * stride);
            g1.mul(w).add(FloatVector.fromArray(SPECIES, sum, row + 6 * stride)).intoArray(sum, row + 6 * stride);
            h1.mul(w).add(FloatVector.fromArray(SPECIES, sum, row + 7 * stride)).intoArray(sum, row + 7 * stride);
        }
    }
}
