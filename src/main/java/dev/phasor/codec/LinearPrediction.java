package dev.phasor.codec;

/**
 * Predicts samples from earlier samples. The coefficients come from the autocorrelation of the windowed block by the
 * Levinson-Durbin recursion (Markel and Gray 1976, ch. 3), rounded to integers over a power of two.
 *
 * @param coefficients of the samples 1, 2, ... back
 * @param shift the prediction is the weighted sum shifted right by this many bits
 */
record LinearPrediction(int[] coefficients, int shift) {

    static final int PRECISION = 14;

    /** The shift is a signed number of 5 bits (RFC 9639, 9.2.6). */
    private static final int MAX_SHIFT = 15;

    /** No predictor: for silence, or if the recursion fails. */
    static final LinearPrediction NONE = new LinearPrediction(new int[0], 0);

    static LinearPrediction of(int[] samples, int size, int order) {
        double[] correlation = autocorrelation(samples, size, order);
        double[] a = new double[order];
        double error = correlation[0];
        for (int i = 0; i < order; i++) {
            if (!(error > 0)) {
                return NONE;
            }
            double reflection = correlation[i + 1];
            for (int k = 0; k < i; k++) {
                reflection -= a[k] * correlation[i - k];
            }
            reflection /= error;
            double[] before = a.clone();
            a[i] = reflection;
            for (int k = 0; k < i; k++) {
                a[k] = before[k] - reflection * before[i - 1 - k];
            }
            error *= 1 - reflection * reflection;
        }
        return quantized(a);
    }

    /** The autocorrelation of the block under a Welch window, lags 0 to {@code order}. */
    private static double[] autocorrelation(int[] samples, int size, int order) {
        double[] windowed = new double[size];
        for (int i = 0; i < size; i++) {
            double x = (2.0 * i - (size - 1)) / (size + 1);
            windowed[i] = samples[i] * (1 - x * x);
        }
        double[] correlation = new double[order + 1];
        for (int lag = 0; lag <= order; lag++) {
            double sum = 0;
            for (int i = lag; i < size; i++) {
                sum += windowed[i] * windowed[i - lag];
            }
            correlation[lag] = sum;
        }
        return correlation;
    }

    private static LinearPrediction quantized(double[] a) {
        double largest = 0;
        for (double coefficient : a) {
            largest = Math.max(largest, Math.abs(coefficient));
        }
        if (!(largest > 0) || Double.isInfinite(largest)) {
            return NONE;
        }
        int shift = Math.min(MAX_SHIFT, PRECISION - 2 - Math.getExponent(largest));
        if (shift < 0) {
            return NONE;
        }
        int most = (1 << (PRECISION - 1)) - 1;
        int[] coefficients = new int[a.length];
        double carried = 0; // the rounding error carries over to the next coefficient
        for (int i = 0; i < a.length; i++) {
            carried += Math.scalb(a[i], shift);
            coefficients[i] = (int) Math.max(-most, Math.min(most, Math.rint(carried)));
            carried -= coefficients[i];
        }
        return new LinearPrediction(coefficients, shift);
    }

    /**
     * Computes the differences between the samples from the order on and their predictions.
     *
     * @param residual Modified.
     * @return false if a difference does not fit in FLAC's 32 bits
     */
    boolean residual(int[] samples, int size, int[] residual) {
        int order = coefficients.length;
        for (int i = order; i < size; i++) {
            long prediction = 0;
            for (int k = 0; k < order; k++) {
                prediction += (long) coefficients[k] * samples[i - 1 - k];
            }
            long difference = samples[i] - (prediction >> shift);
            residual[i] = (int) difference;
            if (difference != residual[i] || difference == Integer.MIN_VALUE) {
                return false;
            }
        }
        return true;
    }
}
