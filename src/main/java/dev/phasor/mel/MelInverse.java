package dev.phasor.mel;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import java.util.Arrays;

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
                solve(x, frame * filters.mels(), tolerance, residual, a, wanted);
                int at = frame * filters.bins();
                for (int bin = 0; bin < a.length; bin++) {
                    out[at + bin] = (float) a[bin];
                }
            }
        });
    }

    private void solve(float[] x, int at, double tolerance, double[] residual, double[] a, Cancellation wanted) {
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
        double least = tolerance * tolerance * norm;
        double largest = norm;
        for (int sweep = 0; sweep < MOST_SWEEPS && largest > least; sweep++) {
            wanted.check();
            largest = 0;
            for (int bin = 0; bin < a.length; bin++) {
                largest = Math.max(largest, descend(bin, a, residual));
            }
        }
    }

    /** Minimizes over one bin, and returns the square of how far its part of B a moved. */
    private double descend(int bin, double[] a, double[] residual) {
        if (squares[bin] == 0) {
            return 0;
        }
        double slope = 0;
        for (int i = 0; i < mels[bin].length; i++) {
            slope += weights[bin][i] * residual[mels[bin][i]];
        }
        double change = move(bin, Math.max(0, a[bin] + slope / squares[bin]), a, residual);
        return change * change * squares[bin];
    }

    private double move(int bin, double value, double[] a, double[] residual) {
        double change = value - a[bin];
        if (change != 0) {
            a[bin] = value;
            for (int i = 0; i < mels[bin].length; i++) {
                residual[mels[bin][i]] -= weights[bin][i] * change;
            }
        }
        return change;
    }
}
