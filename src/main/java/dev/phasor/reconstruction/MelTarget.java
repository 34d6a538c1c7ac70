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
 * not below 0: the first is the projection on B a = x, the second a Newton step of the one on B a^2 = x, both for
 * disjoint filters that ring no neighbor below 0. Where a filterbank's overlaps reach beyond its neighbors, the first
 * serves power 2 as well, in powers.
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

    /** The part of a frame's mean power that a bin has at least, so that a bin at 0 can grow. */
    private static final float LEAST_POWER = 1e-6f;

    /** How many times itself a magnitude grows by in one step at most. */
    private static final float LARGEST_CHANGE = 2;

    /** Added to the diagonal, times its entry: two filters of one bin are alike, and products of floats are rounded. */
    private static final double RIDGE = 1e-5;

    /** A change without bound of a bin that is silent: what is made of it is finite. */
    private static final double UNBOUNDED = 1e30;

    /** The least root mean square of a frame, relative to the largest bin: digital silence is not infinitely heavy. */
    private static final double LEAST_LEVEL = Double.parseDouble(System.getProperty("least", "1e-9"));

    private final FrameLoop loop;
    private final IterationKernel kernel;
    private final MelFilters filters;
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
     * @param mels [frame][mel], scaled; a mel at its floor is negative
     * @param magnitude the first magnitudes, [frame][bin]; they are scaled by their own exponent
     * @param gram (B B')^-1
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
        float[] r = residual(tile, power == 1 ? a : squares(a));
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
        Cancellation.current().check();
        float[] a = magnitudes(re, im);
        float[] nearest = power == 1 ? nearest(tile, a) : gram.band() <= 1 ? scaled(tile, a) : ofPowers(tile, a);
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
        int lanes = loop.lanes();
        int bins = filters.bins();
        float[] target = mels[tile];
        float[] r = new float[target.length];
        float[] sum = new float[lanes];
        for (int begin = 0; begin < FrameLoop.TILE_FRAMES; begin += lanes) {
            for (int mel = 0; mel < filters.mels(); mel++) {
                float[] run = filters.weights(mel);
                int at = begin * bins + filters.first(mel) * lanes;
                Arrays.fill(sum, 0);
                for (float w : run) {
                    for (int i = 0; i < lanes; i++) {
                        sum[i] += w * a[at + i];
                    }
                    at += lanes;
                }
                int to = mel * FrameLoop.TILE_FRAMES + begin;
                for (int i = 0; i < lanes; i++) {
                    float x = target[to + i];
                    r[to + i] = x >= 0 ? x - sum[i] : Math.min(0, -x - sum[i]);
                }
            }
        }
        return r;
    }

    /** out = B' c of a tile. */
    private float[] adjoint(float[] c, int size) {
        int lanes = loop.lanes();
        float[] out = new float[size];
        for (int begin = 0; begin < FrameLoop.TILE_FRAMES; begin += lanes) {
            for (int mel = 0; mel < filters.mels(); mel++) {
                int from = mel * FrameLoop.TILE_FRAMES + begin;
                int at = begin * filters.bins() + filters.first(mel) * lanes;
                for (float w : filters.weights(mel)) {
                    for (int i = 0; i < lanes; i++) {
                        out[at + i] += w * c[from + i];
                    }
                    at += lanes;
                }
            }
        }
        return out;
    }

    /** max(0, a + B' (B B')^-1 r). */
    private float[] nearest(int tile, float[] a) {
        float[] r = residual(tile, a);
        gram.solve(r, FrameLoop.TILE_FRAMES);
        float[] moved = adjoint(r, a.length);
        for (int i = 0; i < a.length; i++) {
            moved[i] = Math.max(0, a[i] + moved[i]);
        }
        return moved;
    }

    private float[] ofPowers(int tile, float[] a) {
        float[] moved = nearest(tile, squares(a));
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) Math.sqrt(moved[i]);
        }
        return moved;
    }

    /** a (1 + B' (B diag(p) B')^-1 r / 2), p = a^2, for filters that overlap their neighbors alone. */
    private float[] scaled(int tile, float[] a) {
        float[] p = squares(a);
        float[] r = residual(tile, p);
        raise(p);
        solve(p, r);
        float[] factor = adjoint(r, a.length);
        for (int i = 0; i < a.length; i++) {
            float change = Math.max(-1, Math.min(LARGEST_CHANGE, factor[i] / 2));
            factor[i] = Math.max(0, a[i] + (float) Math.sqrt(p[i]) * change);
        }
        return factor;
    }

    /** Adds a small part of a frame's mean power to each of its bins. */
    private void raise(float[] p) {
        int lanes = loop.lanes();
        int bins = filters.bins();
        for (int begin = 0; begin < FrameLoop.TILE_FRAMES; begin += lanes) {
            float[] mean = new float[lanes];
            for (int k = 0; k < bins; k++) {
                for (int i = 0; i < lanes; i++) {
                    mean[i] += p[begin * bins + k * lanes + i];
                }
            }
            for (int i = 0; i < lanes; i++) {
                mean[i] = LEAST_POWER * mean[i] / bins + Float.MIN_NORMAL;
            }
            for (int k = 0; k < bins; k++) {
                for (int i = 0; i < lanes; i++) {
                    p[begin * bins + k * lanes + i] += mean[i];
                }
            }
        }
    }

    /** Solves (B diag(p) B') c = r of each frame, a tridiagonal system, by elimination without exchanges (Thomas). */
    private void solve(float[] p, float[] r) {
        int count = filters.mels();
        int lanes = FrameLoop.TILE_FRAMES;
        double[] main = new double[count * lanes];
        double[] next = new double[count * lanes];
        weigh(p, main, next);
        double[] x = new double[count * lanes];
        for (int mel = 0; mel < count; mel++) {
            for (int i = 0; i < lanes; i++) {
                int at = mel * lanes + i;
                double above = mel == 0 ? 0 : next[at - lanes] / main[at - lanes];
                double before = mel == 0 ? 0 : next[at - lanes];
                main[at] = Math.max(main[at] - above * before, Float.MIN_NORMAL);
                x[at] = r[at] - (mel == 0 ? 0 : above * x[at - lanes]);
            }
        }
        for (int mel = count - 1; mel >= 0; mel--) {
            for (int i = 0; i < lanes; i++) {
                int at = mel * lanes + i;
                double after = mel == count - 1 ? 0 : next[at] * x[at + lanes];
                x[at] = (x[at] - after) / main[at];
            }
        }
        for (int i = 0; i < r.length; i++) {
            r[i] = (float) Math.max(-UNBOUNDED, Math.min(UNBOUNDED, x[i]));
        }
    }

    /** The diagonals of B diag(p) B'. An empty filter has 1. */
    private void weigh(float[] p, double[] main, double[] next) {
        int lanes = loop.lanes();
        for (int mel = 0; mel < filters.mels(); mel++) {
            float[] run = filters.weights(mel);
            boolean last = mel == filters.mels() - 1;
            float[] following = last ? new float[0] : filters.weights(mel + 1);
            int shift = last ? 0 : filters.first(mel) - filters.first(mel + 1);
            for (int begin = 0; begin < FrameLoop.TILE_FRAMES; begin += lanes) {
                int at = begin * filters.bins() + filters.first(mel) * lanes;
                int to = mel * FrameLoop.TILE_FRAMES + begin;
                for (int k = 0; k < run.length; k++) {
                    int other = k + shift;
                    float shared = other >= 0 && other < following.length ? run[k] * following[other] : 0;
                    for (int i = 0; i < lanes; i++) {
                        main[to + i] += run[k] * run[k] * p[at + i];
                        next[to + i] += shared * p[at + i];
                    }
                    at += lanes;
                }
                for (int i = 0; i < lanes; i++) {
                    main[to + i] = run.length == 0 ? 1 : main[to + i] * (1 + RIDGE) + Float.MIN_NORMAL;
                }
            }
        }
    }
}
