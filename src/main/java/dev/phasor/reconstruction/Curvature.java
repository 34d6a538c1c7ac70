package dev.phasor.reconstruction;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The two loops of L-BFGS on inner products alone (Chen, Wang, Zhou, "Large-scale L-BFGS using MapReduce", 2014): which
 * pairs of a step s and a change y of the gradient g are kept, and the coefficients of the next step. The signals stand
 * with whoever computes on them, in slots 0..{@link #slots} - 1.
 */
public final class Curvature {

    /** The least s y / y y of a pair that is kept. With a smaller one the next step would be too long to be trusted. */
    private static final double LEAST_CURVATURE = 1e-4;

    private static final int MOST_PAIRS = 8;

    /** The most memory of all signals held, in float planes of the spectrogram, unless one pair alone needs more. */
    private static final int PLANES = 4;

    private final int most;
    private final double[][] sy;
    private final double[][] yy;
    /** The products of s and of y with the current gradient, per pair. */
    private final double[] sg;

    private final double[] yg;
    /** The slots of the kept pairs, the newest first. */
    private final List<Integer> pairs = new ArrayList<>();
    /** The slot of the unfinished pair: its step is known, its gradient change is not. */
    private int next;

    private boolean stepped;

    /** @param most pairs to keep, at least 1 */
    public Curvature(int most) {
        this.most = most;
        sy = new double[most + 1][most + 1];
        yy = new double[most + 1][most + 1];
        sg = new double[most + 1];
        yg = new double[most + 1];
    }

    /**
     * The pairs that the memory is worth.
     *
     * @param plane the size of a plane
     * @param signal the size of a signal, in the same unit
     */
    public static int pairs(double plane, double signal) {
        return (int) Math.max(1, Math.min(MOST_PAIRS, PLANES * plane / signal / 2 - 2));
    }

    /** Slots of steps, and of changes. */
    public int slots() {
        return most + 1;
    }

    /** The slot that the next step and the next change are written to. */
    public int next() {
        return next;
    }

    /** The slots of the kept pairs, the newest first. */
    public int[] kept() {
        return pairs.stream().mapToInt(i -> i).toArray();
    }

    /**
     * Takes the products of a new gradient, and completes the pair of the step that led to it.
     *
     * @param kept {@link #kept} when the products were formed
     * @param product with s and y of the next slot: s y, y y, s g, y g; then for each kept pair i: s y[i], s[i] g, y[i]
     *     g
     */
    public void observe(int[] kept, double[] product) {
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
            pairs.add(0, next);
            next = pairs.size() > most ? pairs.remove(most) : pairs.size();
        }
        stepped = true;
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

    /**
     * Sets the coefficients of the step -(scale g + sum ofStep s + sum ofChange y) and returns scale. Without a pair
     * the step is -g.
     *
     * @param ofStep Modified at the kept slots, as is {@code ofChange}; zeros elsewhere
     */
    public double coefficients(double[] ofStep, double[] ofChange) {
        int[] kept = kept();
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
}
