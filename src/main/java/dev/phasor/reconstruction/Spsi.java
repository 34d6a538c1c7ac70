package dev.phasor.reconstruction;

import dev.phasor.phase.Angles;
import dev.phasor.signal.Cancellation;

/**
 * Single pass spectrogram inversion (Beauregard, Harish, Wyse 2015). Each peak of a frame is treated as a sinusoid,
 * whose frequency is the top of the parabola through the peak's three magnitudes. The peak's phase advances by this
 * frequency times the hop. The bins around the peak, up to the valleys, have the same phase.
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
                // accumulated is the phase at the window's middle; pi per bin turns it to the frame's start.
                phase[frame * bins + bin] = (float) Angles.wrap(accumulated[bin] + (bin % 2) * Math.PI);
            }
        }
        return phase;
    }

    /** Advances the phases of a frame's peaks, and of the bins around them, by one hop. */
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

    /** The top of the parabola, in bins from the peak, -0.5..0.5. */
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
