package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.AdjointLoop;
import dev.phasor.stft.FftKernel;
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

    /**
     * Parts of spectra up to here are ordinary: no quotient of two powers, the floor's too, is beyond float's range.
     */
    private static final double LARGEST = 1e15;

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
        AdjointLoop loop = stft.adjointLoop(estimate.length);
        double peak = Math.max(AudioSignal.peak(estimate), AudioSignal.peak(target));
        // Windows are at most 1, so a part of a spectrum is at most the sum of n_fft samples.
        boolean isOrdinary = peak * stft.parameters().fftSize() <= LARGEST;
        double scale = isOrdinary ? 1 : 1 / peak;
        MagnitudeTerms[] ofTiles = new MagnitudeTerms[loop.tiles()];
        float[][] gradients = loop.run(estimate, target, (tile, re, im, targetRe, targetIm) -> {
            var terms = new MagnitudeTerms();
            ofTiles[tile] = terms;
            Ranges.inOrder(re.length, (from, to) -> {
                if (isOrdinary && stft.kernel() == FftKernel.VECTOR) {
                    VectorMagnitudeTerms.take(terms, re, im, targetRe, targetIm, from, to);
                } else {
                    terms.take(re, im, targetRe, targetIm, scale, from, to);
                }
            });
        });
        MagnitudeTerms sums = new MagnitudeTerms();
        for (MagnitudeTerms terms : ofTiles) {
            sums.add(terms);
        }
        saturation.add(sums.saturated);

        int bins = stft.parameters().bins();
        double norm = Math.sqrt(sums.squares);
        // A frame of zeros has the floor's power, and nothing else.
        double targetNorm = Math.sqrt(sums.targetSquares - MagnitudeTerms.POWER_FLOOR * bins * loop.missing());
        double n = (double) loop.frames() * bins;
        double value = convergenceWeight * norm / targetNorm + logWeight * sums.logarithms / 2 / n;

        // At the target the norm has no derivative; 0 is in its subdifferential.
        double ofNorm = norm == 0 ? 0 : convergenceWeight / (norm * targetNorm) / scale;
        double ofLogarithms = logWeight / n;
        double[] gradient = new double[estimate.length];
        Ranges.forEach(gradient.length, gradient.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                gradient[i] = ofNorm * gradients[0][i] + ofLogarithms * gradients[1][i];
            }
        });
        return new Evaluation(value, gradient);
    }
}
