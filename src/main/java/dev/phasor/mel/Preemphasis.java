package dev.phasor.mel;

import dev.phasor.signal.Ranges;

/** y[t] = x[t] - p x[t-1], y[0] = x[0], which a trainer does before the transform. */
public final class Preemphasis {

    private Preemphasis() {}

    /** y, in memory of its own where p is not 0. */
    public static float[] apply(float[] x, double p) {
        if (p == 0) {
            return x;
        }
        float[] y = x.clone();
        Ranges.inOrder(x.length, (from, to) -> {
            for (int t = Math.max(1, from); t < to; t++) {
                y[t] = (float) (x[t] - p * x[t - 1]);
            }
        });
        return y;
    }

    /** The inverse of {@link #apply}: x[t] = y[t] + p x[t-1], in place. */
    public static void undo(float[] y, double p) {
        if (p != 0) {
            Ranges.inOrder(y.length, (from, to) -> {
                for (int t = Math.max(1, from); t < to; t++) {
                    y[t] = (float) (y[t] + p * y[t - 1]);
                }
            });
        }
    }

    /** The adjoint of {@link #undo}: dy[t] = dx[t] + p dy[t+1], in place. */
    public static void pullBackUndone(double[] dx, double p) {
        int last = dx.length - 1;
        if (p != 0) {
            Ranges.inOrder(last, (from, to) -> {
                for (int i = from; i < to; i++) {
                    dx[last - 1 - i] += p * dx[last - i];
                }
            });
        }
    }

    /** The adjoint of {@link #apply}: dx[t] = dy[t] - p dy[t+1], in place. */
    public static void pullBack(double[] dy, double p) {
        if (p != 0) {
            Ranges.inOrder(dy.length - 1, (from, to) -> {
                for (int t = from; t < to; t++) {
                    dy[t] -= p * dy[t + 1];
                }
            });
        }
    }
}
