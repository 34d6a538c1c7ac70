package dev.phasor.reconstruction;

import dev.phasor.mel.BandedCholesky;
import dev.phasor.mel.MelFilters;
import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.FrameLoop;
import java.util.Arrays;

/**
 * The mels of one item as a target: the spectrograms z with B |z|^power = x. A mel at the trainer's floor says only "at
 * most". The nearest point moves each magnitude a by as little as it can,
 *
 * <pre>
 * power 1:  a + B' (B B')^-1 r,   power 2:  a (1 + B' (B diag(a^2) B')^-1 r / 2),   r = x - B a^power
 * </pre>
 *
 * and never below 0. The first is the projection on B a = x. The second is one Newton step of the projection on B a^2 =
 * x, where each filter overlaps its neighbors alone ({@link MelTiles#solve}); a bank of wider overlaps takes the first
 * step in powers.
 *
 * <p>Until {@link #release}, magnitudes are also drawn towards those that the descent began with. They are smooth
 * between the filters, of which the mels say nothing.
 */
final class MelTarget implements Target {

    /**
     * The weight of the first magnitudes beside that of the mels: best of 0, 0.03, 0.1 and 0.3 by log-spectral distance
     * at no loss of mel convergence, on the clips of benchmarks/QUALITY.md.
     */
    private static final float PULL = 0.03f;

    /** How many times itself a magnitude grows by in one step at most. */
    private static final float LARGEST_CHANGE = 2;

    /** The least root mean square of a frame, relative to the largest bin: digital silence is not infinitely heavy. */
    private static final double LEAST_LEVEL = 1e-9;

    private final FrameLoop loop;
    private final IterationKernel kernel;
    private final MelFilters filters;
    private final MelTiles tiles;
    private final BandedCholesky gram;
    private final double[] diagonal;
    private final int power;
    /** [tile][mel * TILE_FRAMES + frame]; a mel at its floor is negative. */
    private final float[][] mels;

    private final float[][] first;
    private final float[] weight;
    private final double energy;
    private volatile float pull = PULL;

    /**
     * @param problem whose magnitudes the descent begins with
     * @param gram (B B')^-1
     * @param mels [frame][mel], scaled as those magnitudes are; a mel at its floor is negative
     * @param weight of each frame, see {@link #weights}
     */
    MelTarget(
            Problem problem,
            FrameLoop loop,
            MelFilters filters,
            BandedCholesky gram,
            int power,
            float[] mels,
            float[] weight) {
        this.loop = loop;
        this.kernel = problem.kernels().iteration();
        this.filters = filters;
        tiles = new MelTiles(loop, filters);
        this.gram = gram;
        this.power = power;
        this.weight = weight;
        double[][] matrix = filters.gram();
        diagonal = new double[filters.mels()];
        Arrays.setAll(diagonal, i -> matrix[i][0]);
        first = MagnitudeTarget.tiles(problem.magnitude(), loop);
        this.mels = new float[loop.tiles()][filters.mels() * FrameLoop.TILE_FRAMES];
        Cancellation wanted = Cancellation.current();
        double sum = 0;
        for (int tile = 0; tile < loop.tiles(); tile++) {
            wanted.check();
            sum += cut(mels, tile);
        }
        energy = sum;
    }

    /** Copies a tile's mels, and returns its energy. */
    private double cut(float[] all, int tile) {
        double sum = 0;
        int count = Math.min(FrameLoop.TILE_FRAMES, loop.frames() - tile * FrameLoop.TILE_FRAMES);
        for (int frame = 0; frame < count; frame++) {
            int m = tile * FrameLoop.TILE_FRAMES + frame;
            for (int mel = 0; mel < filters.mels(); mel++) {
                float value = all[m * filters.mels() + mel];
                mels[tile][mel * FrameLoop.TILE_FRAMES + frame] = value;
                sum += weight[m] * (double) value * value / diagonal[mel];
            }
        }
        return sum;
    }

    /**
     * The weights of the frames: the reciprocals of their magnitudes' root mean square. A frame counts by its relative
     * error more than by its loudness, which log-mels and ears do too.
     */
    static float[] weights(Problem problem) {
        int bins = problem.bins();
        float[] magnitude = problem.magnitude();
        double scale = Math.scalb(1.0, -MagnitudeTarget.exponent(magnitude));
        float[] weight = new float[problem.frames()];
        Ranges.forEach(weight.length, magnitude.length, 1, (from, to) -> {
            for (int frame = from; frame < to; frame++) {
                double sum = 0;
                for (int i = frame * bins; i < (frame + 1) * bins; i++) {
                    sum += magnitude[i] * scale * magnitude[i] * scale;
                }
                weight[frame] = (float) (1 / (Math.sqrt(sum / bins) + LEAST_LEVEL));
            }
        });
        return weight;
    }

    /** Ends the pull towards the first magnitudes. */
    void release() {
        pull = 0;
    }

    @Override
    public double energy() {
        return energy;
    }

    @Override
    public void place(int tile, float[] phase, float[] re, float[] im) {
        throw new IllegalStateException("a descent towards mels begins with a signal");
    }

    @Override
    public double squaredError(int tile, float[] re, float[] im) {
        float[] a = magnitudes(re, im);
        return energy(tile, residual(tile, power == 1 ? a : squares(a)));
    }

    private double energy(int tile, float[] r) {
        double sum = 0;
        for (int mel = 0; mel < filters.mels(); mel++) {
            for (int frame = 0; frame < FrameLoop.TILE_FRAMES; frame++) {
                int m = tile * FrameLoop.TILE_FRAMES + frame;
                double value = r[mel * FrameLoop.TILE_FRAMES + frame];
                sum += m < weight.length ? weight[m] * value * value / diagonal[mel] : 0;
            }
        }
        return sum;
    }

    @Override
    public void project(int tile, float[] re, float[] im) {
        projectMeasured(tile, re, im);
    }

    /** Both need the mels of the tile, which are found once. */
    @Override
    public double projectMeasured(int tile, float[] re, float[] im) {
        Cancellation.current().check();
        float[] a = magnitudes(re, im);
        float[] p = power == 1 ? a : squares(a);
        float[] r = residual(tile, p);
        double error = energy(tile, r);
        float[] nearest = power == 1 ? nearest(a, r) : gram.band() <= 1 ? scaled(a, p, r) : ofPowers(p, r);
        float own = 1 / (1 + pull);
        float drawn = pull / (1 + pull);
        for (int i = 0; i < a.length; i++) {
            nearest[i] = own * nearest[i] + drawn * first[tile][i];
        }
        for (int i = 0; i < a.length; i++) {
            float gain = nearest[i] / a[i];
            boolean finite = gain <= Float.MAX_VALUE;
            re[i] = finite ? re[i] * gain : nearest[i];
            im[i] = finite ? im[i] * gain : 0;
        }
        return error;
    }

    private float[] magnitudes(float[] re, float[] im) {
        float[] a = new float[re.length];
        kernel.magnitude(re, im, a, 0, a.length);
        return a;
    }

    private static float[] squares(float[] a) {
        float[] squares = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            squares[i] = a[i] * a[i];
        }
        return squares;
    }

    /** x - B a of a tile; 0 where a mel at its floor is kept. */
    private float[] residual(int tile, float[] a) {
        float[] target = mels[tile];
        float[] r = tiles.forward(a);
        for (int i = 0; i < r.length; i++) {
            float x = target[i];
            r[i] = x >= 0 ? x - r[i] : Math.min(0, -x - r[i]);
        }
        return r;
    }

    /**
     * max(0, a + B' (B B')^-1 r).
     *
     * @param r Modified, here and below.
     */
    private float[] nearest(float[] a, float[] r) {
        gram.solve(r, FrameLoop.TILE_FRAMES);
        float[] moved = tiles.adjoint(r);
        for (int i = 0; i < a.length; i++) {
            moved[i] = Math.max(0, a[i] + moved[i]);
        }
        return moved;
    }

    private float[] ofPowers(float[] p, float[] r) {
        float[] moved = nearest(p, r);
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) Math.sqrt(moved[i]);
        }
        return moved;
    }

    /**
     * a (1 + B' (B diag(p) B')^-1 r / 2), p = a^2, for filters that overlap their neighbors alone.
     *
     * @param p Modified.
     */
    private float[] scaled(float[] a, float[] p, float[] r) {
        tiles.raise(p);
        tiles.solve(p, r);
        float[] factor = tiles.adjoint(r);
        for (int i = 0; i < a.length; i++) {
            float change = Math.max(-1, Math.min(LARGEST_CHANGE, factor[i] / 2));
            factor[i] = Math.max(0, a[i] + (float) Math.sqrt(p[i]) * change);
        }
        return factor;
    }
}
