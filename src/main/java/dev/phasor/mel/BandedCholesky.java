package dev.phasor.mel;

import dev.phasor.signal.Cancellation;

/**
 * Solves G x = r for a symmetric positive matrix that is 0 beyond a few diagonals (Golub, Van Loan, "Matrix
 * Computations", algorithm 4.3.5). The Gram matrix of triangles has one diagonal beside the main one.
 */
public final class BandedCholesky {

    /** Added to the diagonal, times its entry: filters that are nearly alike make G nearly singular. */
    private static final double RIDGE = 1e-9;

    private final int size;
    private final int band;
    /** [row][i]: the entry in column row - band + i; the last is the reciprocal of the diagonal's. */
    private final double[][] lower;

    /** @param matrix row i holds the entries of the columns i, i - 1, ..., as far as they are not 0 */
    public BandedCholesky(double[][] matrix) {
        size = matrix.length;
        band = matrix[0].length - 1;
        lower = new double[size][band + 1];
        Cancellation wanted = Cancellation.current();
        for (int i = 0; i < size; i++) {
            for (int j = Math.max(0, i - band); j <= i; j++) {
                wanted.check();
                double sum = matrix[i][i - j] * (i == j ? 1 + RIDGE : 1);
                for (int k = Math.max(0, i - band); k < j; k++) {
                    sum -= at(i, k) * at(j, k);
                }
                lower[i][j - i + band] = i == j ? 1 / Math.sqrt(Math.max(sum, RIDGE * matrix[i][0])) : sum * at(j, j);
            }
        }
    }

    private double at(int row, int column) {
        int i = column - row + band;
        return i < 0 ? 0 : lower[row][i];
    }

    /** The diagonals below the main one that are not 0. */
    public int band() {
        return band;
    }

    /**
     * Solves for several right-hand sides at once.
     *
     * @param r Modified, [row][column] from 0 on: the right-hand sides, then the solutions.
     * @param columns right-hand sides
     */
    public void solve(float[] r, int columns) {
        double[] x = new double[size * columns];
        for (int i = 0; i < x.length; i++) {
            x[i] = r[i];
        }
        solve(x, columns);
        for (int i = 0; i < x.length; i++) {
            r[i] = (float) x[i];
        }
    }

    /** {@link #solve(float[], int)} in double precision. */
    void solve(double[] x, int columns) {
        double[] sum = new double[columns];
        for (int i = 0; i < size; i++) {
            System.arraycopy(x, i * columns, sum, 0, columns);
            for (int k = Math.max(0, i - band); k < i; k++) {
                subtract(sum, at(i, k), x, k * columns);
            }
            scale(sum, at(i, i), x, i * columns);
        }
        for (int i = size - 1; i >= 0; i--) {
            System.arraycopy(x, i * columns, sum, 0, columns);
            for (int k = i + 1; k <= Math.min(size - 1, i + band); k++) {
                subtract(sum, at(k, i), x, k * columns);
            }
            scale(sum, at(i, i), x, i * columns);
        }
    }

    private static void subtract(double[] sum, double factor, double[] x, int from) {
        for (int c = 0; c < sum.length; c++) {
            sum[c] -= factor * x[from + c];
        }
    }

    private static void scale(double[] sum, double factor, double[] x, int from) {
        for (int c = 0; c < sum.length; c++) {
            x[from + c] = factor * sum[c];
        }
    }
}
