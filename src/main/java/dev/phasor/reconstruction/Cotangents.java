package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;

/**
 * Gradients with respect to signals, scaled: the true values are {@code values} times 2^exponent. Through iterations
 * gradients may grow beyond float32, and come back from there.
 *
 * @param values one array a signal, none above 1
 */
record Cotangents(float[][] values, int exponent) {

    /** The exponent of zeros, below all others. */
    private static final int ZERO = -100_000;

    /** @param values zeros */
    static Cotangents zero(float[][] values) {
        return new Cotangents(values, ZERO);
    }

    /** Of true values times 2^exponent. {@code values} are Modified. */
    static Cotangents of(float[][] values, int exponent) {
        float largest = 0;
        for (float[] of : values) {
            largest = Math.max(largest, largestOf(of));
        }
        if (largest == 0) {
            return zero(values);
        }
        int scale = Math.getExponent(largest) + 1;
        for (float[] of : values) {
            multiply(of, Math.scalb(1.0, -scale));
        }
        return new Cotangents(values, exponent + scale);
    }

    /** 2^exponent; far beyond float32's range it is cut, where every product is beyond it too. */
    double scale() {
        return Math.scalb(1.0, Math.max(-1000, Math.min(1000, exponent)));
    }

    /** a times this plus b times other, in this one's memory. */
    Cotangents combine(double a, Cotangents other, double b) {
        int top = Math.max(exponent, other.exponent);
        double mine = a * Math.scalb(1.0, Math.max(-1000, exponent - top));
        double its = b * Math.scalb(1.0, Math.max(-1000, other.exponent - top));
        for (int k = 0; k < values.length; k++) {
            float[] to = values[k];
            float[] from = other.values[k];
            Ranges.forEach(to.length, to.length, 1, (first, end) -> {
                for (int i = first; i < end; i++) {
                    to[i] = (float) (mine * to[i] + its * from[i]);
                }
            });
        }
        return of(values, top);
    }

    private static float largestOf(float[] values) {
        float[] largest = new float[1];
        Ranges.inOrder(values.length, (from, to) -> {
            float most = 0;
            for (int i = from; i < to; i++) {
                most = Math.max(most, Math.abs(values[i]));
            }
            largest[0] = Math.max(largest[0], most);
        });
        return largest[0];
    }

    private static void multiply(float[] values, double factor) {
        Ranges.forEach(values.length, values.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                values[i] = (float) (values[i] * factor);
            }
        });
    }
}
