package dev.phasor.gradient;

import dev.phasor.phase.Angles;
import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.stft.Stft;

/**
 * The mean of three distances f_AW(x) = |x - 2 pi round(x / 2 pi)| between the phases of estimate and target: of the
 * instantaneous phase, the group delay (its difference along frequency) and the instantaneous angular frequency (its
 * difference along time), each averaged over its bins; in [0, pi]. Y. Ai, Z.-H. Ling, "Neural speech phase prediction
 * based on parallel estimation architecture and anti-wrapping losses", ICASSP 2023 (which sums the three).
 *
 * <p>Differences are taken between neighbors. An axis of size 1 has no neighbors, and its term is 0. The gradient
 * passes through the safe phase; at agreement, where f_AW has no derivative, it is 0.
 */
final class AntiWrappingPhaseLoss implements ItemLoss {

    private static final int TERMS = 3;

    private final Stft stft;
    private final Phase phase;
    private final GradientPolicy policy;
    private final Floor floor;

    AntiWrappingPhaseLoss(Stft stft, Phase phase, GradientPolicy policy, Floor floor) {
        this.stft = stft;
        this.phase = phase;
        this.policy = policy;
        this.floor = floor;
    }

    @Override
    public Evaluation evaluate(float[] estimate, float[] target, Saturation saturation) {
        Spectrum s = Spectrum.of(stft, estimate, saturation);
        ComplexSpectrogram z = s.asSpectrogram();
        float[] phi = phase.angle(z).values(0);
        float[] targetPhi = phase.angle(Spectrum.of(stft, target, saturation).asSpectrogram())
                .values(0);

        int bins = s.shape().bins();
        int frames = s.shape().frames();
        double[] difference = new double[phi.length];
        Ranges.forEach(phi.length, phi.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                difference[i] = (double) phi[i] - targetPhi[i];
            }
        });
        double[] cotangent = new double[phi.length];
        double value = (instantaneousPhase(difference, cotangent)
                        + neighbors(difference, cotangent, 1, bins)
                        + neighbors(difference, cotangent, bins, frames))
                / TERMS;

        ComplexSpectrogram gradient = pullBackPhase(z, cotangent, saturation);
        var upstream = new Spectrum(s.shape(), gradient.re(0), gradient.im(0));
        return new Evaluation(value, upstream.pullBack(stft, estimate.length, saturation));
    }

    /** The mean of f_AW over all bins. Adds its derivative to {@code cotangent}. */
    private static double instantaneousPhase(double[] difference, double[] cotangent) {
        double[] sum = new double[1];
        Ranges.inOrder(difference.length, (from, to) -> {
            double part = 0;
            for (int i = from; i < to; i++) {
                double wrapped = Angles.wrap(difference[i]);
                part += Math.abs(wrapped);
                cotangent[i] += Math.signum(wrapped) / difference.length;
            }
            sum[0] += part;
        });
        return sum[0] / difference.length;
    }

    /** The mean of f_AW over all pairs along an axis of {@code size}. Adds its derivative to {@code cotangent}. */
    private static double neighbors(double[] difference, double[] cotangent, int stride, int size) {
        if (size == 1) {
            return 0;
        }
        int pairs = difference.length / size * (size - 1);
        double[] sum = new double[1];
        Ranges.inOrder(difference.length, (from, to) -> {
            double part = 0;
            for (int i = Math.max(stride, from); i < to; i++) {
                if (i / stride % size == 0) {
                    continue; // the first along the axis
                }
                double wrapped = Angles.wrap(difference[i] - difference[i - stride]);
                part += Math.abs(wrapped);
                cotangent[i] += Math.signum(wrapped) / pairs;
                cotangent[i - stride] -= Math.signum(wrapped) / pairs;
            }
            sum[0] += part;
        });
        return sum[0] / pairs;
    }

    private ComplexSpectrogram pullBackPhase(ComplexSpectrogram z, double[] cotangent, Saturation saturation) {
        float[] upstream = new float[cotangent.length];
        Ranges.forEach(upstream.length, upstream.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                upstream[i] = (float) (cotangent[i] / TERMS); // within +-5 / 3: cannot saturate
            }
        });
        var pulledBack = phase.angleVjp(z, new RealSpectrogram(z.shape(), new float[][] {upstream}), policy, floor);
        saturation.add(pulledBack.saturated());
        return pulledBack.gradient();
    }
}
