package dev.phasor.reconstruction;

import dev.phasor.stft.FrameLoop;
import java.util.Arrays;

/**
 * The mean over frames of the root mean square over bins of 20 log10(|Y| / M), in dB (Gray, Markel, "Distance Measures
 * for Speech Processing", 1976). |Y| and M are raised to at least -100 dB of the largest M, so that digital silence has
 * a level.
 */
final class LogSpectralDistance {

    /** -100 dB, for magnitudes whose largest is scaled into 1..2. */
    private static final float FLOOR = 1e-5f;

    private LogSpectralDistance() {}

    static double of(FrameLoop loop, MagnitudeTarget target, float[] samples) {
        double[] sums = new double[loop.tiles()];
        int bins = loop.tileSize() / FrameLoop.TILE_FRAMES;
        loop.analyze(samples, (tile, re, im) -> {
            float[] m = target.magnitude(tile);
            for (int frame = 0; frame < FrameLoop.TILE_FRAMES; frame++) {
                double sum = 0;
                for (int bin = 0; bin < bins; bin++) {
                    int i = loop.place(frame, bin);
                    double y = Math.sqrt((double) re[i] * re[i] + (double) im[i] * im[i]);
                    double level = 20 * Math.log10(Math.max(y, FLOOR) / Math.max(m[i], FLOOR));
                    sum += level * level;
                }
                // A frame that only fills up the tile has the same level on both sides, and adds 0.
                sums[tile] += Math.sqrt(sum / bins);
            }
        });
        return Arrays.stream(sums).sum() / loop.frames();
    }
}
