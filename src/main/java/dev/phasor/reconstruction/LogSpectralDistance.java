package dev.phasor.reconstruction;

import dev.phasor.signal.Cancellation;
import dev.phasor.stft.FrameLoop;
import java.util.Arrays;

/**
 * The mean over frames of the root mean square over bins of 20 log10(|Y| / M), in dB (Gray, Markel, "Distance Measures
 * for Speech Processing", 1976). |Y| and M are raised to at least -100 dB of the largest M, so that digital silence has
 * a level.
 */
final class LogSpectralDistance {

    /** -100 dB. */
    private static final double FLOOR = 1e-5;

    private LogSpectralDistance() {}

    static double of(FrameLoop loop, MagnitudeTarget target, float[] samples) {
        double[] sums = new double[loop.tiles()];
        int bins = loop.tileSize() / FrameLoop.TILE_FRAMES;
        double floor = floor(loop, target);
        loop.analyze(samples, (tile, re, im) -> {
            float[] m = target.magnitude(tile);
            for (int frame = 0; frame < FrameLoop.TILE_FRAMES; frame++) {
                double sum = 0;
                for (int bin = 0; bin < bins; bin++) {
                    int i = loop.place(frame, bin);
                    double y = Math.sqrt((double) re[i] * re[i] + (double) im[i] * im[i]);
                    double level = 20 * Math.log10(Math.max(y, floor) / Math.max(m[i], floor));
                    sum += level * level;
                }
                // A frame that only fills up the tile has the same level on both sides, and adds 0.
                sums[tile] += Math.sqrt(sum / bins);
            }
        });
        return Arrays.stream(sums).sum() / loop.frames();
    }

    /** Of nothing but silence, any: the target is not scaled then. */
    private static double floor(FrameLoop loop, MagnitudeTarget target) {
        Cancellation wanted = Cancellation.current();
        float largest = 0;
        for (int tile = 0; tile < loop.tiles(); tile++) {
            wanted.check();
            largest = Math.max(largest, Problem.largest(target.magnitude(tile)));
        }
        return largest == 0 ? FLOOR : FLOOR * largest;
    }
}
