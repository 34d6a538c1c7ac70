package dev.phasor.reconstruction;

import dev.phasor.phase.Angles;
import dev.phasor.signal.Cancellation;

/**
 * Single pass spectrogram inversion (Beauregard, Harish, Wyse 2015): in each frame every peak is taken for a sinusoid,
 * whose frequency is where the parabola through the three magnitudes has its top; its phase advances by that frequency
 * times the hop and is locked to the bins around it, up to the valleys.
 */
final class Spsi implements PhaseEstimator {

    @Override
    public float[] estimate(Problem problem) {
        int bins = problem.bins();
        float[] magnitude = problem.magnitude();
        float[] phase = new float[magnitude.length];
        double[] accumulated = new double[bins];
        double advance = 2
                * Math.PI
                * problem.stft().parameters().hopLength()
                / problem.stft().parameters().fftSize();
        for (int frame = 0; frame < problem.frames(); frame++) {
            Cancellation.current().check();
            advance(magnitude, frame * bins, bins, advance, accumulated);
            for (int bin = 0; bin < bins; bin++) {
                // The phase of the window's middle; pi per bin turns it to the frame's start.
                phase[frame * bins + bin] = (float) Angles.wrap(accumulated[bin] + (bin % 2) * Math.PI);
            }
        }
        return phase;
    }

    /** Advances the phases of a frame's peaks by one hop, and those of their surroundings with them. */
    private static void advance(float[] magnitude, int offset, int bins, double advance, double[] accumulated) {
        int from = 0;
        while (from < bins) {
            int peak = from;
            while (peak + 1 < bins && magnitude[offset + peak + 1] > magnitude[offset + peak]) {
                peak++;
            }
            int valley = peak;
            while (valley + 1 < bins && magnitude[offset + valley + 1] <= magnitude[offset + valley]) {
                valley++;
            }
            double frequency = peak + topOfParabola(magnitude, offset, peak, bins);
            double locked = Angles.wrap(accumulated[peak] + advance * frequency);
            for (int bin = from; bin <= valley; bin++) {
                accumulated[bin] = locked;
            }
            from = valley + 1;
        }
    }

    /** In bins from the peak, -0.5..0.5. */
    private static double topOfParabola(float[] magnitude, int offset, int peak, int bins) {
        if (peak == 0 || peak == bins - 1) {
            return 0;
        }
        double left = magnitude[offset + peak - 1];
        double top = magnitude[offset + peak];
        double right = magnitude[offset + peak + 1];
        double curvature = left - 2 * top + right;
        return curvature == 0 ? 0 : 0.5 * (left - right) / curvature;
    }
}
