package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of {@link QuasiNewton}: the last steps s, and the change y of the gradient g over each step. The two loops
 * of L-BFGS run on inner products of these signals alone: {@link Curvature}. An iteration therefore passes over the
 * signals twice for any number of pairs, once for the products and once for the step.
 */
final class CurvaturePairs {

    /**
     * Samples of a block, which stay in the cache. Sums are formed per block, so that they do not depend on the
     * threads.
     */
    private static final int BLOCK = 1 << 12;

    private final IterationKernel kernel;
    private final Curvature curvature;
    private final int length;
    private final float[] gradient;
    private final float[][] s;
    private final float[][] y;

    /** @param most pairs to keep, at least 1 */
    CurvaturePairs(IterationKernel kernel, int most, int length) {
        this.kernel = kernel;
        curvature = new Curvature(most);
        this.length = length;
        gradient = new float[length];
        s = new float[most + 1][length];
        y = new float[most + 1][length];
    }

    /** All arrays from which the descent goes on. */
    float[][] state(float[] x, float[] numbers) {
        List<float[]> all = new ArrayList<>(List.of(x, numbers, gradient));
        all.addAll(List.of(s));
        all.addAll(List.of(y));
        return all.toArray(float[][]::new);
    }

    /** See {@link Curvature#numbers}. */
    float[] numbers(double last) {
        return curvature.numbers(last);
    }

    /** See {@link Curvature#restore}. */
    double restore(float[] numbers) {
        return curvature.restore(numbers);
    }

    /** Takes the gradient x - projected, and completes the pair of the step that led to x. */
    void observe(float[] x, float[] projected) {
        int[] kept = curvature.kept();
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
        curvature.observe(kept, product);
    }

    /** Updates the gradient and the new pair's change in a block, and returns the block's part of the products. */
    private double[] products(float[] x, float[] projected, int[] kept, int from, int to) {
        int next = curvature.next();
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

    /**
     * Takes the next step from x.
     *
     * @param x Modified.
     */
    void step(float[] x) {
        int[] kept = curvature.kept();
        double[] ofChange = new double[curvature.slots()];
        double[] ofStep = new double[curvature.slots()];
        double scale = curvature.coefficients(ofStep, ofChange);
        float[] step = s[curvature.next()];
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
        float[] step = s[curvature.next()];
        Ranges.forEach(length, length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                projected[i] = x[i] - step[i] - gradient[i];
            }
        });
        return projected;
    }
}
