package dev.phasor.reconstruction;

import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.Framing;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;

/**
 * Some frames and some neighboring bins of a signal's spectrogram Z as a problem of their own, whose unknown is a
 * correction d of the signal. It is a signal of these bins alone, with every factor-th sample, so that an iteration
 * costs 1/factor of one over all bins. Its transform D is that of {@link LowBand}, with bin k of the whole at k -
 * lowest. The error is
 *
 * <pre>
 * f(d) = sum g (|Z + D| - M)^2 + (1 - g) |D|^2
 * </pre>
 *
 * where g is 1 in the middle and falls to 0 at both edges of the band, and d is 0 wherever other frames would see it.
 * The file is long because its two iterations share the band's arrays.
 */
final class NarrowBand {

    /** Bins of an edge: more than the main lobe of a Hann window's transform reaches. */
    private static final int EDGE = 6;

    private static final int PAIRS = 8;

    private final StftParameters whole;
    private final IterationKernel kernel;
    private final FrameLoop loop;
    private final int factor;
    private final int lowest;
    private final int bins;
    private final int from;
    private final int to;
    private final float[][] m;
    private final float[][] zRe;
    private final float[][] zIm;
    private final float[][] g;
    private final float[] ones;
    private final double[] errors;
    private int passes;

    /**
     * @param stft of {@link #parameters}
     * @param lowest the whole's bin that is the band's first
     * @param magnitude M, [frame][bin] of all bins
     * @param re of Z, as {@code magnitude}; so is {@code im}
     */
    NarrowBand(
            IterationKernel kernel,
            StftParameters whole,
            Stft stft,
            int lowest,
            float[] magnitude,
            float[] re,
            float[] im) {
        this.kernel = kernel;
        this.whole = whole;
        this.lowest = lowest;
        StftParameters own = stft.parameters();
        int frames = magnitude.length / whole.bins();
        factor = whole.fftSize() / own.fftSize();
        bins = own.bins();
        loop = stft.frameLoop(frames, own.defaultLength(frames));
        from = own.fftSize() - own.hopLength();
        to = frames * own.hopLength();
        float[] wanted = new float[frames * bins];
        float[] ownRe = new float[frames * bins];
        float[] ownIm = new float[frames * bins];
        float[] gains = new float[frames * bins];
        for (int frame = 0; frame < frames; frame++) {
            float c = (float) Math.cos(turn(frame));
            float s = (float) Math.sin(turn(frame));
            for (int k = 0; k < bins; k++) {
                int at = frame * bins + k;
                int i = frame * whole.bins() + lowest + k;
                wanted[at] = magnitude[i];
                ownRe[at] = c * re[i] - s * im[i];
                ownIm[at] = s * re[i] + c * im[i];
                gains[at] = gain(k);
            }
        }
        m = tiles(wanted);
        zRe = tiles(ownRe);
        zIm = tiles(ownIm);
        g = tiles(gains);
        ones = new float[loop.tileSize()];
        Arrays.fill(ones, 1);
        errors = new double[loop.tiles()];
    }

    /** Whether frames of every factor-th sample have the whole's frequencies. */
    static boolean exists(StftParameters stft, int factor) {
        return stft.fftSize() % (2 * factor) == 0
                && (stft.fftSize() - stft.windowLength()) % (2 * factor) == 0
                && stft.windowLength() % factor == 0
                && stft.hopLength() % factor == 0;
    }

    /** The geometry of a band of 1/factor of all bins; of the frames alone for a factor of 1. */
    static StftParameters parameters(StftParameters stft, int factor) {
        return new StftParameters(
                stft.fftSize() / factor,
                stft.hopLength() / factor,
                stft.windowLength() / factor,
                stft.window().shortened(factor),
                Framing.NONE,
                stft.padMode());
    }

    private float gain(int k) {
        int edge = lowest > 0 ? Math.min(bins - 1 - k, k) : bins - 1 - k;
        return (float) Math.pow(Math.sin(Math.PI / 2 * Math.min(1, edge / (double) EDGE)), 2);
    }

    /** The whole's frequency {@code lowest} becomes 0: by how much a frame's phases turn. */
    private double turn(int frame) {
        return -2 * Math.PI * ((long) lowest * frame * whole.hopLength() % whole.fftSize()) / whole.fftSize();
    }

    private float[][] tiles(float[] plane) {
        float[][] tiles = new float[loop.tiles()][loop.tileSize()];
        for (int tile = 0; tile < tiles.length; tile++) {
            loop.cut(plane, tile, tiles[tile]);
        }
        return tiles;
    }

    int bins() {
        return bins;
    }

    /** The correction that changes nothing. */
    float[] none() {
        return new float[loop.length()];
    }

    /** Passes so far over the band's frames, there or back. */
    int passes() {
        return passes;
    }

    /** Turns D into the correction that leads to the magnitudes, and returns the tile's part of f. */
    private double project(int tile, float[] re, float[] im) {
        float[] a = zRe[tile];
        float[] b = zIm[tile];
        float[] wanted = m[tile];
        float[] share = g[tile];
        float[] error = new float[re.length];
        for (int i = 0; i < error.length; i++) {
            float u = a[i] + re[i];
            float v = b[i] + im[i];
            // Magnitudes are below 2, so that 0 stays 0.
            float size = (float) Math.sqrt(u * u + v * v) + 1e-30f;
            float scale = wanted[i] / size;
            float off = size - wanted[i];
            error[i] = share[i] * off * off + (1 - share[i]) * (re[i] * re[i] + im[i] * im[i]);
            re[i] = share[i] * (u * scale - a[i]);
            im[i] = share[i] * (v * scale - b[i]);
        }
        return kernel.dot(error, ones, 0, error.length);
    }

    /** Runs a step on D, and leaves the next correction 0 where other frames would see it. */
    private void step(float[] d, FrameLoop.Step step, float[] next) {
        loop.resynthesize(d, step, next);
        Arrays.fill(next, 0, from, 0);
        Arrays.fill(next, to, next.length, 0);
        passes += 2;
    }

    /** f(d), and g (|Z + D| - M)^2 of every bin where g is 1, [frame][bin]; else 0. */
    double errors(float[] d, float[] plane) {
        loop.analyze(d, (tile, re, im) -> {
            float[] off = new float[re.length];
            for (int i = 0; i < off.length; i++) {
                float u = zRe[tile][i] + re[i];
                float v = zIm[tile][i] + im[i];
                float size = (float) Math.sqrt(u * u + v * v) - m[tile][i];
                off[i] = g[tile][i] == 1 ? size * size : 0;
            }
            loop.put(off, tile, plane);
            errors[tile] = project(tile, re, im);
        });
        passes++;
        return Arrays.stream(errors).sum();
    }

    /**
     * Iterates {@link Admm} from the projected Z + D, turned by angles.
     *
     * @param d Not modified.
     * @param angles [frame][bin]
     * @param iterations at least 1
     */
    float[] wandered(float[] d, float[] angles, int iterations) {
        float[][] yRe = new float[loop.tiles()][];
        float[][] yIm = new float[loop.tiles()][];
        float[] y = none();
        step(
                d,
                (tile, re, im) -> {
                    project(tile, re, im);
                    turn(tile, angles, re, im);
                    yRe[tile] = re.clone();
                    yIm[tile] = im.clone();
                },
                y);
        for (int left = iterations; left > 0; left--) {
            boolean last = left == 1;
            float[] next = none();
            step(y, (tile, re, im) -> wander(tile, yRe[tile], yIm[tile], re, im, last), next);
            y = next;
        }
        return y;
    }

    private void turn(int tile, float[] angles, float[] re, float[] im) {
        float[] turns = new float[re.length];
        loop.cut(angles, tile, turns);
        for (int i = 0; i < re.length; i++) {
            if (turns[i] != 0) {
                double c = Math.cos(turns[i]);
                double s = Math.sin(turns[i]);
                double u = g[tile][i] * zRe[tile][i] + re[i];
                double v = g[tile][i] * zIm[tile][i] + im[i];
                re[i] += (float) (c * u - s * v - u);
                im[i] += (float) (s * u + c * v - v);
            }
        }
    }

    /** Turns P_C(Y) in re, im into the next Y, or into X if {@code deliver}: {@link Admm}. */
    private void wander(int tile, float[] yRe, float[] yIm, float[] re, float[] im, boolean deliver) {
        float own = Relaxation.ADMM / (1 + Relaxation.ADMM);
        float consistent = 1 / (1 + Relaxation.ADMM);
        for (int i = 0; i < re.length; i++) {
            float zRe = own * yRe[i] + consistent * re[i];
            float zIm = own * yIm[i] + consistent * im[i];
            re[i] = 2 * zRe - yRe[i];
            im[i] = 2 * zIm - yIm[i];
            yRe[i] -= zRe;
            yIm[i] -= zIm;
        }
        project(tile, re, im);
        for (int i = 0; i < re.length; i++) {
            yRe[i] += re[i];
            yIm[i] += im[i];
        }
        if (!deliver) {
            System.arraycopy(yRe, 0, re, 0, yRe.length);
            System.arraycopy(yIm, 0, im, 0, yIm.length);
        }
    }

    /** A descent of f by the steps of {@link QuasiNewton}. */
    final class Descending {

        private final CurvaturePairs pairs = new CurvaturePairs(kernel, PAIRS, loop.length());
        private final float[] d;
        private final float[] projected = none();
        private final float[] best;
        private double least = Double.POSITIVE_INFINITY;

        /** @param d to start from. Modified. */
        Descending(float[] d) {
            this.d = d;
            best = d.clone();
        }

        /** Iterates, and returns the error of the last correction but one. */
        double iterate(int iterations) {
            double error = least;
            for (int i = 0; i < iterations; i++) {
                step(d, (tile, re, im) -> errors[tile] = project(tile, re, im), projected);
                error = Arrays.stream(errors).sum();
                if (error < least) {
                    least = error;
                    System.arraycopy(d, 0, best, 0, best.length);
                }
                pairs.observe(d, projected);
                pairs.step(d);
            }
            return error;
        }

        /** The least error so far. */
        double least() {
            return least;
        }

        /** The correction of the least error. */
        float[] best() {
            return best;
        }
    }

    /**
     * Adds D to the spectrogram of all bins.
     *
     * @param re Modified, as is {@code im}: [frame][bin] of all bins
     */
    void add(float[] d, float[] re, float[] im) {
        float[] ownRe = new float[loop.frames() * bins];
        float[] ownIm = new float[loop.frames() * bins];
        loop.analyze(d, (tile, dRe, dIm) -> {
            loop.put(dRe, tile, ownRe);
            loop.put(dIm, tile, ownIm);
        });
        for (int frame = 0; frame < loop.frames(); frame++) {
            float c = (float) Math.cos(turn(frame));
            float s = (float) Math.sin(turn(frame));
            for (int k = 0; k < bins; k++) {
                int at = frame * bins + k;
                int i = frame * whole.bins() + lowest + k;
                re[i] += c * ownRe[at] + s * ownIm[at];
                im[i] += c * ownIm[at] - s * ownRe[at];
            }
        }
    }
}
