package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * Descends to the bottom of a valley by limited-memory BFGS (Nocedal, "Updating Quasi-Newton Matrices with Limited Storage",
 * 1980; Liu, Nocedal 1989, algorithm 2.1) on the squared error of a signal's magnitudes,
 *
 * <pre>
 * f(x) = || |STFT(x)| - M ||^2 / 2,   whose gradient, measured by overlapping windows, is g = x - inverse(P_A(STFT(x)))
 * </pre>
 *
 * so that the step of length 1 without any memory is Griffin-Lim's. There is no line search: what a step that led upwards taught
 * brings the next one back, and only at the end is none followed.
 */
final class QuasiNewton {

    private static final int MOST_PAIRS = 8;

    /** Float planes of the spectrogram that all signals held here may come to, unless one pair alone needs more. */
    private static final int PLANES = 4;

    /** A pair of smaller curvature, relative to its gradients' change, would make the next step longer than it can be trusted. */
    private static final double LEAST_CURVATURE = 1e-4;

    /** Sums are of blocks of so many samples, whoever computes them: the same bits on any number of threads. */
    private static final int BLOCK = 1 << 13;

    private record Pair(float[] step, float[] change, double product) {}

    private final Session session;
    private final Deque<Pair> pairs = new ArrayDeque<>();
    private final int mostPairs;

    QuasiNewton(Session session) {
        this.session = session;
        double signals = (double) PLANES
                * session.loop().tiles()
                * session.loop().tileSize()
                / session.loop().length();
        mostPairs = (int) Math.max(1, Math.min(MOST_PAIRS, signals / 2 - 2));
    }

    /**
     * Goes on from a signal to the session's last iteration.
     *
     * @param x Modified.
     * @return Griffin-Lim's step from the last signal, or from the one before if that was better
     */
    float[] descend(float[] x) {
        float[] projected = session.newSignal();
        float[] kept = x.clone();
        float[] gradient = session.newSignal();
        double last = Double.POSITIVE_INFINITY;
        while (session.goesOn(session.limit())) {
            double error = session.iterateMeasured(x, session.target()::project, projected);
            if (error > last && !session.goesOn(session.limit())) {
                break;
            }
            boolean first = last == Double.POSITIVE_INFINITY;
            last = error;
            float[] next = projected;
            subtract(x, projected, next);
            if (!first) {
                Pair recycled = remember(x, kept, next, gradient);
                kept = recycled.step();
                gradient = recycled.change();
            }
            System.arraycopy(x, 0, kept, 0, x.length);
            System.arraycopy(next, 0, gradient, 0, next.length);
            turn(next);
            subtract(x, next, x);
        }
        subtract(kept, gradient, projected);
        return projected;
    }

    /**
     * Makes a pair of the differences to the last point, in that point's arrays.
     *
     * @return two arrays to go on with, of no use any more
     */
    private Pair remember(float[] x, float[] lastX, float[] g, float[] lastGradient) {
        subtract(x, lastX, lastX);
        subtract(g, lastGradient, lastGradient);
        Pair pair = new Pair(lastX, lastGradient, dot(lastX, lastGradient));
        if (!(pair.product() > LEAST_CURVATURE * dot(lastGradient, lastGradient))) {
            return pair;
        }
        pairs.addFirst(pair);
        return pairs.size() > mostPairs ? pairs.removeLast() : new Pair(session.newSignal(), session.newSignal(), 0);
    }

    /** From the gradient to the step: the two loops of the algorithm. */
    private void turn(float[] direction) {
        if (pairs.isEmpty()) {
            return;
        }
        Deque<Double> weights = new ArrayDeque<>();
        for (Pair pair : pairs) {
            double weight = dot(pair.step(), direction) / pair.product();
            add(-weight, pair.change(), direction);
            weights.push(weight);
        }
        Pair newest = pairs.getFirst();
        scale(newest.product() / dot(newest.change(), newest.change()), direction);
        for (Iterator<Pair> oldestFirst = pairs.descendingIterator(); oldestFirst.hasNext(); ) {
            Pair pair = oldestFirst.next();
            add(weights.pop() - dot(pair.change(), direction) / pair.product(), pair.step(), direction);
        }
    }

    private static void subtract(float[] a, float[] b, float[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = a[i] - b[i];
        }
    }

    private static void add(double factor, float[] a, float[] sum) {
        float f = (float) factor;
        for (int i = 0; i < sum.length; i++) {
            sum[i] += f * a[i];
        }
    }

    private static void scale(double factor, float[] a) {
        float f = (float) factor;
        for (int i = 0; i < a.length; i++) {
            a[i] *= f;
        }
    }

    private static double dot(float[] a, float[] b) {
        double[] sums = new double[(a.length + BLOCK - 1) / BLOCK];
        // In double, an element costs what two do elsewhere.
        Ranges.forEach(sums.length, 2L * a.length, 1, (from, to) -> {
            for (int block = from; block < to; block++) {
                sums[block] = dot(a, b, block * BLOCK, Math.min(a.length, (block + 1) * BLOCK));
            }
        });
        return Arrays.stream(sums).sum();
    }

    /** Four sums, so that no addition waits for the one before. */
    private static double dot(float[] a, float[] b, int from, int to) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            sum0 += (double) a[i] * b[i];
            sum1 += (double) a[i + 1] * b[i + 1];
            sum2 += (double) a[i + 2] * b[i + 2];
            sum3 += (double) a[i + 3] * b[i + 3];
        }
        for (; i < to; i++) {
            sum0 += (double) a[i] * b[i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }
}
