package dev.phasor.gradient;

import dev.phasor.signal.Ranges;
import dev.phasor.stft.Stft;

/**
 * Spectral convergence ||S - T||_F / ||T||_F, log magnitude distance mean |log S - log T|, or their sum, with S and T
 * the magnitudes of estimate and target: R. Yamamoto, E. Song, J.-M. Kim, "Parallel WaveGAN", ICASSP 2020.
 *
 * <p>As in its reference implementation, the power is clamped from below at 1e-7. This floor keeps ||T|| above zero for
 * a silent target, and bounds the gradient: a bin below the floor has a gradient of 0, and no division is by less than
 * the floor. Frobenius norms are taken per item (channel), as in the paper's expectation over samples; the reference
 * implementation takes them over the whole batch.
 */
final class StftMagnitudeLoss implements ItemLoss {

    private static final double POWER_FLOOR = 1e-7;

    private final Stft stft;
    private final double convergenceWeight;
    private final double logWeight;

    private StftMagnitudeLoss(Stft stft, double convergenceWeight, double logWeight) {
        this.stft = stft;
        this.convergenceWeight = convergenceWeight;
        this.logWeight = logWeight;
    }

    static StftMagnitudeLoss spectralConvergence(Stft stft) {
        return new StftMagnitudeLoss(stft, 1, 0);
    }

    static StftMagnitudeLoss logMagnitude(Stft stft) {
        return new StftMagnitudeLoss(stft, 0, 1);
    }

    static StftMagnitudeLoss sum(Stft stft) {
        return new StftMagnitudeLoss(stft, 1, 1);
    }

    @Override
    public Evaluation evaluate(float[] estimate, float[] target, Saturation saturation) {
        Spectrum s = Spectrum.of(stft, estimate, saturation);
        double[] targetPower = power(Spectrum.of(stft, target, saturation));
        double[] power = power(s);
        int n = power.length;

        double[] sums = sums(power, targetPower);
        double norm = Math.sqrt(sums[0]);
        double targetNorm = Math.sqrt(sums[1]);
        double value = convergenceWeight * norm / targetNorm + logWeight * sums[2] / n;

        // At the target the norm has no derivative; 0 is in its subdifferential.
        double convergenceScale = norm == 0 ? 0 : convergenceWeight / (norm * targetNorm);
        Ranges.inOrder(n, (from, to) -> {
            for (int i = from; i < to; i++) {
                double gain = 0; // (dL/dS) / S, so that dL/dz = gain z
                if (power[i] > POWER_FLOOR) {
                    double magnitude = Math.sqrt(power[i]);
                    double difference = magnitude - Math.sqrt(targetPower[i]);
                    gain = convergenceScale * difference / magnitude
                            + logWeight / n * Math.signum(power[i] - targetPower[i]) / power[i];
                }
                s.re()[i] = saturation.toFloat(gain * s.re()[i]);
                s.im()[i] = saturation.toFloat(gain * s.im()[i]);
            }
        });
        return new Evaluation(value, s.pullBack(stft, estimate.length, saturation));
    }

    /** Sums of the squared differences of magnitudes, of the target's powers, and of the absolute log differences. */
    private static double[] sums(double[] power, double[] targetPower) {
        double[] sums = new double[3];
        Ranges.inOrder(power.length, (from, to) -> {
            double squares = 0;
            double target = 0;
            double logarithms = 0;
            for (int i = from; i < to; i++) {
                double difference = Math.sqrt(power[i]) - Math.sqrt(targetPower[i]);
                squares += difference * difference;
                target += targetPower[i];
                logarithms += Math.abs(logRatio(power[i], targetPower[i]));
            }
            sums[0] += squares;
            sums[1] += target;
            sums[2] += logarithms;
        });
        return sums;
    }

    /** log S - log T, from the powers S^2 and T^2. */
    private static double logRatio(double power, double targetPower) {
        return Math.log(power / targetPower) / 2;
    }

    private static double[] power(Spectrum z) {
        double[] power = new double[z.re().length];
        Ranges.forEach(power.length, power.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                double re = z.re()[i];
                double im = z.im()[i];
                power[i] = Math.max(re * re + im * im, POWER_FLOOR);
            }
        });
        return power;
    }
}
