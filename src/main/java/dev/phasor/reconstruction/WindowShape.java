package dev.phasor.reconstruction;

import dev.phasor.stft.StftParameters;

/** The Gaussian nearest to a window. */
final class WindowShape {

    /** Points of the window that the fit looks at: more change nothing. */
    private static final int POINTS = 1024;

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private WindowShape() {}

    /**
     * The time-frequency ratio gamma of exp(-pi t^2 / gamma), t in samples, that is nearest to the window in the least-squares
     * sense; for Hann 0.258 win_length^2.
     */
    static double gamma(StftParameters stft) {
        double[] window = stft.window().coefficients(stft.windowLength(), stft.fftSize(), stft.hopLength());
        double length = stft.windowLength();
        // The error has one minimum in the logarithm of gamma: golden-section search.
        double low = Math.log(1e-4 * length * length);
        double high = Math.log(10 * length * length);
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double atLeft = squaredError(window, left);
        double atRight = squaredError(window, right);
        while (high - low > 1e-6) {
            if (atLeft < atRight) {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - GOLDEN * (high - low);
                atLeft = squaredError(window, left);
            } else {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + GOLDEN * (high - low);
                atRight = squaredError(window, right);
            }
        }
        return Math.exp((low + high) / 2);
    }

    private static double squaredError(double[] window, double logGamma) {
        double gamma = Math.exp(logGamma);
        int stride = Math.max(1, window.length / POINTS);
        double sum = 0;
        for (int n = window.length / 2 % stride; n < window.length; n += stride) {
            double t = n - window.length / 2.0;
            double difference = window[n] - Math.exp(-Math.PI * t * t / gamma);
            sum += difference * difference;
        }
        return sum;
    }
}
