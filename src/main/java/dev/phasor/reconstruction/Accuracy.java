package dev.phasor.reconstruction;

import dev.phasor.stft.FrameLoop;
import java.util.Arrays;

/**
 * The distance of a signal y from its target magnitudes M, in dB. Norms are taken over the bins of the one-sided
 * spectrogram.
 *
 * @param spectralConvergenceDb 20 log10(|| |STFT(y)| - M || / ||M||): Sturmel, Daudet, "Signal Reconstruction from STFT
 *     Magnitude: A State of the Art" (2011), eq. 13
 * @param inconsistencyDb 20 log10(||P_C(S) - S|| / ||M||), S = M e^(i angle(STFT(y))): the distance of the found phases
 *     with the given magnitudes from the transform of any signal; Le Roux, Vincent, "Consistent Wiener Filtering"
 *     (2013), eq. 6
 */
public record Accuracy(double spectralConvergenceDb, double inconsistencyDb) {

    static Accuracy of(FrameLoop loop, Target target, float[] samples) {
        double[] error = new double[loop.tiles()];
        double[] inconsistency = new double[loop.tiles()];
        float[] consistent = new float[samples.length];
        loop.resynthesize(
                samples,
                (tile, re, im) -> {
                    error[tile] = target.squaredError(tile, re, im);
                    target.project(tile, re, im);
                },
                consistent);
        loop.analyze(samples, consistent, (tile, re, im, otherRe, otherIm) -> {
            target.project(tile, re, im);
            inconsistency[tile] = squaredDistance(re, im, otherRe, otherIm);
        });
        return new Accuracy(
                Decibels.ofEnergies(Arrays.stream(error).sum(), target.energy()),
                Decibels.ofEnergies(Arrays.stream(inconsistency).sum(), target.energy()));
    }

    /** The spectral convergence alone, which takes no inverse. */
    static double spectralConvergenceDb(FrameLoop loop, Target target, float[] samples) {
        double[] error = new double[loop.tiles()];
        loop.analyze(samples, (tile, re, im) -> error[tile] = target.squaredError(tile, re, im));
        return Decibels.ofEnergies(Arrays.stream(error).sum(), target.energy());
    }

    static double squaredDistance(float[] re, float[] im, float[] otherRe, float[] otherIm) {
        double sum = 0;
        for (int i = 0; i < re.length; i++) {
            double x = re[i] - otherRe[i];
            double y = im[i] - otherIm[i];
            sum += x * x + y * y;
        }
        return sum;
    }
}
