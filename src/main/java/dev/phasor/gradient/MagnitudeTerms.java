package dev.phasor.gradient;

/**
 * Both terms of {@link StftMagnitudeLoss} on bins: their sums, and what leads to their gradients. With S and T the
 * magnitudes of the estimate z and of the target, P = S^2 and Q = T^2, both clamped from below,
 *
 * <pre>
 * (S - T)^2,        (1 - T/S) z:      the gradient of ||S - T||, times ||S - T||
 * |log S - log T|,  sign(P - Q)/P z:  the gradient of the sum of the logarithms' distances
 * </pre>
 *
 * where P is not clamped; elsewhere the gradients are 0.
 */
final class MagnitudeTerms {

    static final double POWER_FLOOR = 1e-7;

    /** Sum of (S - T)^2. */
    double squares;
    /** Sum of T^2. */
    double targetSquares;
    /** Sum of |log P - log Q|, which is twice |log S - log T|. */
    double logarithms;
    /** Parts of the spectra beyond the range of float. */
    long saturated;

    void add(MagnitudeTerms others) {
        squares += others.squares;
        targetSquares += others.targetSquares;
        logarithms += others.logarithms;
        saturated += others.saturated;
    }

    /**
     * Adds the bins {@code from}..{@code to} - 1.
     *
     * @param re of z. Modified, as is {@code im}: becomes the first gradient, times {@code scale}.
     * @param targetRe Modified, as is {@code targetIm}: becomes the second gradient.
     * @param scale so small that the gradient is within the range of float
     */
    void take(float[] re, float[] im, float[] targetRe, float[] targetIm, double scale, int from, int to) {
        for (int i = from; i < to; i++) {
            double x = limited(re[i]);
            double y = limited(im[i]);
            double power = Math.max(x * x + y * y, POWER_FLOOR);
            double targetPower = targetPower(limited(targetRe[i]), limited(targetIm[i]));
            double difference = Math.sqrt(power) - Math.sqrt(targetPower);
            squares += difference * difference;
            targetSquares += targetPower;
            logarithms += Math.abs(Math.log(power / targetPower));
            double convergence = 0;
            double distance = 0;
            if (power > POWER_FLOOR) {
                convergence = scale * difference / Math.sqrt(power);
                distance = Math.signum(power - targetPower) / power;
            }
            re[i] = (float) (convergence * x);
            im[i] = (float) (convergence * y);
            targetRe[i] = (float) (distance * x);
            targetIm[i] = (float) (distance * y);
        }
    }

    private static double targetPower(double re, double im) {
        return Math.max(re * re + im * im, POWER_FLOOR);
    }

    private double limited(float value) {
        if (Float.isInfinite(value)) {
            saturated++;
            return Math.copySign(Float.MAX_VALUE, value);
        }
        return value;
    }
}
