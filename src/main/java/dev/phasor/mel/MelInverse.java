package dev.phasor.mel;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The non-negative least-squares inverse of a bank: a ≥ 0 with the smallest ||B a - x||, for each frame x. It starts
 * from the smallest solution without a sign, max(0, B' (B B')^-1 x), and descends along one bin after the other, which
 * is exact for each (Franc, Hlavac, Navara, "Sequential Coordinate-Wise Algorithm for the Non-negative Least Squares
 * Problem", 2005). Where several solutions are exact it stays near the smallest, which is smooth between the filters.
 */
public final class MelInverse {

    /** A frame is solved when a sweep moves no bin's part of B a by more than this part of ||x||. */
    public static final double TOLERANCE = 1e-6;

    /** Frames of trained filters need 5 to 60. */
    public static final int MOST_SWEEPS = 300;

    private final MelFilters filters;
    private final BandedCholesky gram;
    /** Of each bin: the filters that weigh it, their weights, and the sum of their squares. */
    private final int[][] mels;

    private final double[][] weights;
    private final double[] squares;

    public MelInverse(MelFilters filters) {
        this.filters = filters;
        gram = new BandedCholesky(filters.gram());
        mels = new int[filters.bins()][0];
        weights = new double[filters.bins()][0];
        squares = new double[filters.bins()];
        Cancellation wanted = Cancellation.current();
        for (int mel = 0; mel < filters.mels(); mel++) {
            wanted.check();
            float[] run = filters.weights(mel);
            for (int i = 0; i < run.length; i++) {
                int bin = filters.first(mel) + i;
                int count = mels[bin].length;
                mels[bin] = Arrays.copyOf(mels[bin], count + 1);
                weights[bin] = Arrays.copyOf(weights[bin], count + 1);
                mels[bin][count] = mel;
                weights[bin][count] = run[i];
                squares[bin] += (double) run[i] * run[i];
            }
        }
    }

    /** (B B')^-1. */
    public BandedCholesky gram() {
        return gram;
    }

    /**
     * Solves every frame.
     *
     * @param x [frame][mel]; what is negative counts as 0. Not modified.
     * @param out Modified: [frame][bin].
     */
    public void solve(float[] x, float[] out) {
        solve(x, out, TOLERANCE);
    }

    /** {@link #solve(float[], float[])} to a tolerance of one's own. */
    public void solve(float[] x, float[] out, double tolerance) {
        int frames = x.length / filters.mels();
        long work = 20L * out.length;
        Ranges.forEach(frames, work, 1, (from, to) -> {
            double[] residual = new double[filters.mels()];
            double[] a = new double[filters.bins()];
            Cancellation wanted = Cancellation.current();
            for (int frame = from; frame < to; frame++) {
                solve(x, frame * filters.mels(), tolerance, residual, a, pass -> wanted.check());
                int at = frame * filters.bins();
                for (int bin = 0; bin < a.length; bin++) {
                    out[at + bin] = (float) a[bin];
                }
            }
        });
    }

    /**
     * The adjoint of the derivative of {@link #solve(float[], float[])}, which is piecewise linear: through each step
     * as it was taken. A step that ended at 0 passes nothing of what it was made of, nor does a mel of 0 or below.
     *
     * @param x [frame][mel], as it was solved. Not modified.
     * @param cotangent [frame][bin], with respect to what came out. Not modified.
     * @return with respect to {@code x}
     */
    public double[] pullBack(float[] x, float[] cotangent) {
        double[] gradient = new double[x.length];
        int frames = x.length / filters.mels();
        Ranges.forEach(frames, 40L * cotangent.length, 1, (from, to) -> {
            double[] residual = new double[filters.mels()];
            double[] a = new double[filters.bins()];
            List<BitSet> passes = new ArrayList<>();
            Cancellation wanted = Cancellation.current();
            for (int frame = from; frame < to; frame++) {
                passes.clear();
                solve(x, frame * filters.mels(), TOLERANCE, residual, a, pass -> {
                    wanted.check();
                    passes.add(positive(pass));
                });
                int at = frame * filters.bins();
                for (int bin = 0; bin < a.length; bin++) {
                    a[bin] = cotangent[at + bin];
                }
                unsolve(passes, a, residual, wanted);
                for (int mel = 0; mel < residual.length; mel++) {
                    int i = frame * residual.length + mel;
                    gradient[i] = x[i] > 0 ? residual[mel] : 0;
                }
            }
        });
        return gradient;
    }

    private static BitSet positive(double[] values) {
        BitSet positive = new BitSet(values.length);
        for (int i = 0; i < values.length; i++) {
            positive.set(i, values[i] > 0);
        }
        return positive;
    }

    /**
     * The adjoint of one frame's steps, the last first.
     *
     * @param passes the bins above 0 after the start and after each sweep; none of a silent frame
     * @param da Modified: with respect to a
     * @param dx Modified: with respect to x
     */
    private void unsolve(List<BitSet> passes, double[] da, double[] dx, Cancellation wanted) {
        Arrays.fill(dx, 0);
        for (int sweep = passes.size() - 1; sweep > 0; sweep--) {
            wanted.check();
            BitSet positive = passes.get(sweep);
            for (int bin = da.length - 1; bin >= 0; bin--) {
                double slope = dot(bin, dx);
                if (positive.get(bin)) {
                    add(bin, (da[bin] - slope) / squares[bin], dx);
                } else {
                    da[bin] = slope;
                }
            }
        }
        if (!passes.isEmpty()) {
            double[] first = new double[dx.length];
            BitSet positive = passes.get(0);
            for (int bin = positive.nextSetBit(0); bin >= 0; bin = positive.nextSetBit(bin + 1)) {
                add(bin, da[bin] - dot(bin, dx), first);
            }
            gram.solve(first, 1);
            Arrays.setAll(dx, mel -> dx[mel] + first[mel]);
        }
    }

    /** Hears of a frame's magnitudes after the start and after each sweep. */
    private interface Passes {
        void passed(double[] a);
    }

    private void solve(float[] x, int at, double tolerance, double[] residual, double[] a, Passes passes) {
        float[] c = new float[residual.length];
        double norm = 0;
        for (int mel = 0; mel < c.length; mel++) {
            c[mel] = Math.max(0, x[at + mel]);
            residual[mel] = c[mel];
            norm += residual[mel] * residual[mel];
        }
        Arrays.fill(a, 0);
        if (norm == 0) {
            return;
        }
        gram.solve(c, 1);
        for (int bin = 0; bin < a.length; bin++) {
            double value = 0;
            for (int i = 0; i < mels[bin].length; i++) {
                value += weights[bin][i] * c[mels[bin][i]];
            }
            move(bin, Math.max(0, value), a, residual);
        }
        passes.passed(a);
        double least = tolerance * tolerance * norm;
        double largest = norm;
        for (int sweep = 0; sweep < MOST_SWEEPS && largest > least; sweep++) {
            largest = 0;
            for (int bin = 0; bin < a.length; bin++) {
                largest = Math.max(largest, descend(bin, a, residual));
            }
            passes.passed(a);
        }
    }

    /** Minimizes over one bin, and returns the square of how far its part of B a moved. */
    private double descend(int bin, double[] a, double[] residual) {
        if (squares[bin] == 0) {
            return 0;
        }
        double change = move(bin, Math.max(0, a[bin] + dot(bin, residual) / squares[bin]), a, residual);
        return change * change * squares[bin];
    }

    private double move(int bin, double value, double[] a, double[] residual) {
        double change = value - a[bin];
        if (change != 0) {
            a[bin] = value;
            add(bin, -change, residual);
        }
        return change;
    }

    /** The slope of a bin's filters along mels. */
    private double dot(int bin, double[] of) {
        double sum = 0;
        for (int i = 0; i < mels[bin].length; i++) {
            sum += weights[bin][i] * of[mels[bin][i]];
        }
        return sum;
    }

    /** What a bin's change is in its mels. */
    private void add(int bin, double change, double[] to) {
        for (int i = 0; i < mels[bin].length; i++) {
            to[mels[bin][i]] += weights[bin][i] * change;
        }
    }
}
