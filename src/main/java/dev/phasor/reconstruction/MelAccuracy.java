package dev.phasor.reconstruction;

import dev.phasor.mel.MelFilters;
import dev.phasor.mel.MelValue;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.Stft;
import java.util.Arrays;

/**
 * How near the mels Y of a sound come to given mels X. A given mel at its floor f is "at most f": it counts where Y is
 * above it, by Y - f.
 *
 * @param melConvergenceDb 20 log10(||Y - X|| / ||X||), lower is better
 * @param logMelL1 the mean of |ln max(Y, f) - ln max(X, f)|, of magnitudes: half of it where power is 2; lower is
 *     better
 */
public record MelAccuracy(double melConvergenceDb, double logMelL1) {

    /** Below it logarithms are not compared where the values have none: librosa's {@code amin} of powers. */
    private static final double LEAST = 1e-10;

    /**
     * Of one item's sound.
     *
     * @param mels [frame][mel] as {@link MelValue#undo} tells them
     */
    public static MelAccuracy of(float[] samples, Stft stft, MelFilters filters, MelValue value, float[] mels) {
        int count = filters.mels();
        int frames = mels.length / count;
        FrameLoop loop = stft.analysisLoop(frames, samples.length);
        double[][] sums = new double[loop.tiles()][];
        loop.analyze(samples, (tile, re, im) -> {
            float[] bins = new float[filters.bins()];
            float[] found = new float[count];
            double[] sum = new double[3];
            int first = tile * FrameLoop.TILE_FRAMES;
            for (int frame = first; frame < Math.min(frames, first + FrameLoop.TILE_FRAMES); frame++) {
                for (int k = 0; k < bins.length; k++) {
                    int i = loop.place(frame - first, k);
                    bins[k] = value.ofBin((float) Math.sqrt((double) re[i] * re[i] + (double) im[i] * im[i]));
                }
                filters.forward(bins, 0, found, 0);
                for (int mel = 0; mel < count; mel++) {
                    add(sum, found[mel], mels[frame * count + mel], value);
                }
            }
            sums[tile] = sum;
        });
        double[] all = new double[3];
        for (double[] sum : sums) {
            Arrays.setAll(all, i -> all[i] + sum[i]);
        }
        return new MelAccuracy(Decibels.ofEnergies(all[0], all[1]), all[2] / mels.length / value.power());
    }

    private static void add(double[] sum, double found, double given, MelValue value) {
        double x = Math.abs(given);
        double y = given < 0 ? Math.max(found, x) : found;
        double floor = given < 0 ? x : Math.max(value.floor(), LEAST);
        sum[0] += (y - x) * (y - x);
        sum[1] += x * x;
        // Floors near the largest float make infinite mels of both: they are as near as can be told.
        double distance = Math.abs(Math.log(Math.max(y, floor)) - Math.log(Math.max(x, floor)));
        sum[2] += Double.isNaN(distance) ? 0 : distance;
    }
}
