package dev.phasor.phase;

import dev.phasor.signal.Plane;

/**
 * The gradients of a block, computed in double by the operations of {@link SafeAtan2}, in passes that the compiler can
 * vectorize.
 */
class GradientBlock {

    private final Denominator denominator;
    private final double[] x;
    private final double[] y;
    private final double[] g;
    private final double[] d;

    GradientBlock(int size, Denominator denominator) {
        this.denominator = denominator;
        x = new double[size];
        y = new double[size];
        g = new double[size];
        d = new double[size];
    }

    /**
     * Computes the gradients of {@code count} elements from {@code from} on and returns how many components saturated.
     */
    int angleVjp(Plane re, Plane im, Plane cotangent, Plane dRe, Plane dIm, int from, int count) {
        widen(re.values(), re.offset() + from, x, count);
        widen(im.values(), im.offset() + from, y, count);
        widen(cotangent.values(), cotangent.offset() + from, g, count);
        denominators(x, y, d, denominator.added(), denominator.least(), count);
        cut(x, y, d, denominator.cut(), count);
        scales(x, y, g, d, count);
        components(x, y, d, count);
        return store(x, dRe.values(), dRe.offset() + from, count) + store(y, dIm.values(), dIm.offset() + from, count);
    }

    private static void denominators(double[] x, double[] y, double[] d, double added, double least, int count) {
        for (int i = 0; i < count; i++) {
            d[i] = Math.max(x[i] * x[i] + y[i] * y[i] + added, least);
        }
    }

    private static void cut(double[] x, double[] y, double[] d, double cut, int count) {
        for (int i = 0; cut > 0 && i < count; i++) {
            if (x[i] * x[i] + y[i] * y[i] < cut) {
                d[i] = Double.POSITIVE_INFINITY;
            }
        }
    }

    /** d becomes g / d. */
    private static void scales(double[] x, double[] y, double[] g, double[] d, int count) {
        for (int i = 0; i < count; i++) {
            d[i] = g[i] / (d[i] + SafeAtan2.poison(x[i], y[i], g[i]));
        }
    }

    /** (x, y) becomes scale (-y, x). */
    private static void components(double[] x, double[] y, double[] scale, int count) {
        for (int i = 0; i < count; i++) {
            double dx = -y[i] * scale[i];
            y[i] = x[i] * scale[i];
            x[i] = dx;
        }
    }

    /** wide[i] = values[from + i]. */
    void widen(float[] values, int from, double[] wide, int count) {
        widen(values, from, wide, 0, count);
    }

    /** Rounds to {@code out[from + i]} and returns how many components saturated. */
    int store(double[] components, float[] out, int from, int count) {
        return store(components, out, from, 0, count);
    }

    static void widen(float[] values, int from, double[] wide, int begin, int end) {
        for (int i = begin; i < end; i++) {
            wide[i] = values[from + i];
        }
    }

    static int store(double[] components, float[] out, int from, int begin, int end) {
        int saturated = 0;
        for (int i = begin; i < end; i++) {
            out[from + i] = SafeAtan2.saturate(components[i]);
            if (SafeAtan2.saturates(components[i])) {
                saturated++;
            }
        }
        return saturated;
    }
}
