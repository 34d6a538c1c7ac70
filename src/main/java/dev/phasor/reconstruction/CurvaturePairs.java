package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The memory of {@link QuasiNewton}: the last steps s, and the change y of the gradient g over each step. The two loops
 * of L-BFGS run on inner products of these signals alone (Chen, Wang, Zhou, "Large-scale L-BFGS using MapReduce",
 * 2014). An iteration therefore passes over the signals twice for any number of pairs, once for the products and once
 * for the step.
 */
final class CurvaturePairs {

    /** The least s y / y y of a pair that is kept. With a smaller one the next step would be too long to be trusted. */
    private static final double LEAST_CURVATURE = 1e-4;

    /**
     * Samples of a block, which stay in the cache. Sums are formed per block, so that they do not depend on the
     * threads.
     */
    private static final int BLOCK = 1 << 12;

    private final IterationKernel kernel;
    private final int most;
    private final int length;
    private final float[] gradient;
    private final float[][] s;
    private final float[][] y;
    private final double[][] sy;
    private final double[][] yy;
    /** The products of s and of y with the current gradient, per pair. */
    private final double[] sg;

    private final double[] yg;
    /** The indices of the kept pairs, the newest first. */
    private final List<Integer> pairs = new ArrayList<>();
    /** The index of the unfinished pair: its step is known, its gradient change is not. */
    private int next;

    private boolean stepped;

    /** @param most pairs to keep, at least 1 */
    CurvaturePairs(IterationKernel kernel, int most, int length) {
        this.kernel = kernel;
        this.most = most;
        this.length = length;
        gradient = new float[length];
        s = new float[most + 1][length];
        y = new float[most + 1][length];
        sy = new double[most + 1][most + 1];
        yy = new double[most + 1][most + 1];
        sg = new double[most + 1];
        yg = new double[most + 1];
    }

    /** All arrays from which the descent goes on. */
    float[][] state(float[] x, float[] numbers) {
        List<float[]> all = new ArrayList<>(List.of(x, numbers, gradient));
        all.addAll(List.of(s));
        all.addAll(List.of(y));
        return all.toArray(float[][]::new);
    }

    /**
     * Everything else from which the descent goes on, sixteen bits a float.
     *
     * @param last the error of the last signal
     */
    float[] numbers(double last) {
        LongStream.Builder all = LongStream.builder();
        all.add(Double.doubleToRawLongBits(last)).add(next).add(stepped ? 1 : 0).add(pairs.size());
        for (int i = 0; i < most; i++) {
            all.add(i < pairs.size() ? pairs.get(i) : 0);
        }
        Stream.concat(Stream.of(sy, yy).flatMap(Stream::of), Stream.of(sg, yg))
                .flatMapToDouble(DoubleStream::of)
                .forEach(value -> all.add(Double.doubleToRawLongBits(value)));
        long[] bits = all.build().toArray();
        float[] numbers = new float[4 * bits.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = bits[i / 4] >>> 16 * (i % 4) & 0xffff;
        }
        return numbers;
    }

    /**
     * Takes back what {@link #numbers} gave.
     *
     * @return the error of the last signal
     */
    double restore(float[] numbers) {
        long[] bits = new long[numbers.length / 4];
        for (int i = 0; i < numbers.length; i++) {
            bits[i / 4] |= (long) numbers[i] << 16 * (i % 4);
        }
        next = (int) bits[1];
        stepped = bits[2] == 1;
        pairs.clear();
        for (int i = 0; i < bits[3]; i++) {
            pairs.add((int) bits[4 + i]);
        }
        int at = 4 + most;
        for (double[] row : Stream.concat(Stream.of(sy, yy).flatMap(Stream::of), Stream.of(sg, yg))
                .toList()) {
            for (int i = 0; i < row.length; i++) {
                row[i] = Double.longBitsToDouble(bits[at++]);
            }
        }
        return Double.longBitsToDouble(bits[0]);
    }

    /** Takes the gradient x - projected, and completes the pair of the step that led to x. */
    void observe(float[] x, float[] projected) {
        int[] kept = pairs.stream().mapToInt(i -> i).toArray();
        double[][] sums = new double[(length + BLOCK - 1) / BLOCK][];
        Ranges.forEach(sums.length, (4L + 3 * kept.length) * length, 1, (from, to) -> {
            for (int block = from; block < to; block++) {
                int end = Math.min(length, (block + 1) * BLOCK);
                sums[block] = products(x, projected, kept, block * BLOCK, end);
            }
        });
        double[] product = new double[4 + 3 * kept.length];
        for (double[] block : sums) {
            for (int i = 0; i < product.length; i++) {
                product[i] += block[i];
            }
        }
        sy[next][next] = product[0];
        yy[next][next] = product[1];
        sg[next] = product[2];
        yg[next] = product[3];
        for (int k = 0, at = 4; k < kept.length; k++) {
            int i = kept[k];
            sy[next][i] = product[at++];
            // y is the difference of two gradients, whose products with s and y are known.
            sy[i][next] = product[at] - sg[i];
            sg[i] = product[at++];
            yy[i][next] = product[at] - yg[i];
            yy[next][i] = yy[i][next];
            yg[i] = product[at++];
        }
        if (stepped && sy[next][next] > LEAST_CURVATURE * yy[next][next]) {
            remember();
        }
    }

    /** Updates the gradient and the new pair's change in a block, and returns the block's part of the products. */
    private double[] products(float[] x, float[] projected, int[] kept, int from, int to) {
        float[] change = y[next];
        for (int i = from; i < to; i++) {
            float g = x[i] - projected[i];
            change[i] = g - gradient[i];
            gradient[i] = g;
        }
        double[] product = new double[4 + 3 * kept.length];
        product[0] = kernel.dot(s[next], change, from, to);
        product[1] = kernel.dot(change, change, from, to);
        product[2] = kernel.dot(s[next], gradient, from, to);
        product[3] = kernel.dot(change, gradient, from, to);
        int at = 4;
        for (int i : kept) {
            product[at++] = kernel.dot(s[next], y[i], from, to);
            product[at++] = kernel.dot(s[i], gradient, from, to);
            product[at++] = kernel.dot(y[i], gradient, from, to);
        }
        return product;
    }

    private void remember() {
        pairs.add(0, next);
        next = pairs.size() > most ? pairs.remove(most) : pairs.size();
    }

    /**
     * Takes the next step from x.
     *
     * @param x Modified.
     */
    void step(float[] x) {
        int[] kept = pairs.stream().mapToInt(i -> i).toArray();
        double[] ofChange = new double[most + 1];
        double[] ofStep = new double[most + 1];
        double scale = coefficients(kept, ofStep, ofChange);
        float[] step = s[next];
        int blocks = (length + BLOCK - 1) / BLOCK;
        Ranges.forEach(blocks, (2L + 2 * kept.length) * length, 1, (from, to) -> {
            for (int block = from; block < to; block++) {
                int at = block * BLOCK;
                int end = Math.min(length, at + BLOCK);
                scale((float) -scale, gradient, at, end, step);
                for (int i : kept) {
                    add((float) -ofChange[i], y[i], at, end, step);
                    add((float) -ofStep[i], s[i], at, end, step);
                }
                go(x, step, at, end);
            }
        });
        stepped = true;
    }

    /**
     * Sets the coefficients of the step -(scale g + sum ofStep s + sum ofChange y) and returns scale. Without a pair
     * the step is -g.
     */
    private double coefficients(int[] kept, double[] ofStep, double[] ofChange) {
        if (kept.length == 0) {
            return 1;
        }
        double[] weight = new double[most + 1];
        for (int k = 0; k < kept.length; k++) {
            int i = kept[k];
            double product = sg[i];
            for (int n = 0; n < k; n++) {
                product -= weight[kept[n]] * sy[i][kept[n]];
            }
            weight[i] = product / sy[i][i];
        }
        double scale = sy[kept[0]][kept[0]] / yy[kept[0]][kept[0]];
        for (int k = kept.length - 1; k >= 0; k--) {
            int i = kept[k];
            double product = scale * yg[i];
            for (int j : kept) {
                product -= scale * weight[j] * yy[i][j];
                product += ofStep[j] * sy[j][i];
            }
            ofStep[i] = weight[i] - product / sy[i][i];
            ofChange[i] = -scale * weight[i];
        }
        return scale;
    }

    private static void scale(float factor, float[] a, int from, int to, float[] out) {
        for (int i = from; i < to; i++) {
            out[i] = factor * a[i];
        }
    }

    private static void add(float factor, float[] a, int from, int to, float[] sum) {
        for (int i = from; i < to; i++) {
            sum[i] += factor * a[i];
        }
    }

    /** Adds the step to x, and sets the step to the difference after rounding to floats. */
    private static void go(float[] x, float[] step, int from, int to) {
        for (int i = from; i < to; i++) {
            float there = x[i] + step[i];
            step[i] = there - x[i];
            x[i] = there;
        }
    }

    /** The {@code projected} of the last {@link #observe}, computed from the x that the last step led to. */
    float[] projectedBefore(float[] x) {
        float[] projected = new float[length];
        Ranges.forEach(length, length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                projected[i] = x[i] - s[next][i] - gradient[i];
            }
        });
        return projected;
    }
}
