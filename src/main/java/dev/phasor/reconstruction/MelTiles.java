package dev.phasor.reconstruction;

import dev.phasor.mel.MelFilters;
import dev.phasor.stft.FrameLoop;

/**
 * A bank of filters B on the tiles of a {@link FrameLoop}: bins stand as the loop leaves them, several frames side by
 * side, and mels as [mel][frame of the tile].
 */
final class MelTiles {

    private static final int FRAMES = FrameLoop.TILE_FRAMES;

    /** The part of a frame's mean power that a bin has at least, so that a bin at 0 can grow. */
    private static final float LEAST_POWER = 1e-6f;

    /** Added to the diagonal, times its entry: two filters of one bin are alike, and products of floats are rounded. */
    private static final double RIDGE = 1e-5;

    /** A change without bound of a bin that is silent: what is made of it is finite. */
    private static final double UNBOUNDED = 1e30;

    private final MelFilters filters;
    private final int lanes;
    private final int size;

    MelTiles(FrameLoop loop, MelFilters filters) {
        this.filters = filters;
        lanes = loop.lanes();
        size = loop.tileSize();
    }

    /** B a. */
    float[] forward(float[] a) {
        float[] out = new float[filters.mels() * FRAMES];
        for (int begin = 0; begin < FRAMES; begin += lanes) {
            for (int mel = 0; mel < filters.mels(); mel++) {
                int to = mel * FRAMES + begin;
                int at = place(begin, mel);
                for (float w : filters.weights(mel)) {
                    for (int i = 0; i < lanes; i++) {
                        out[to + i] += w * a[at + i];
                    }
                    at += lanes;
                }
            }
        }
        return out;
    }

    /** B' c, the adjoint of {@link #forward}. */
    float[] adjoint(float[] c) {
        float[] out = new float[size];
        for (int begin = 0; begin < FRAMES; begin += lanes) {
            for (int mel = 0; mel < filters.mels(); mel++) {
                int from = mel * FRAMES + begin;
                int at = place(begin, mel);
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

    /** The index of a filter's first bin in the frames from {@code begin} on. */
    private int place(int begin, int mel) {
        return begin * filters.bins() + filters.first(mel) * lanes;
    }

    /** Adds a small part of a frame's mean power to each of its bins. */
    void raise(float[] p) {
        int bins = filters.bins();
        for (int begin = 0; begin < FRAMES; begin += lanes) {
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

    /**
     * Solves (B diag(p) B') c = r of each frame, for filters that overlap their neighbors alone: a tridiagonal system,
     * by elimination without exchanges (Thomas).
     *
     * @param p Not modified.
     * @param r Modified: it becomes c.
     */
    void solve(float[] p, float[] r) {
        int count = filters.mels();
        double[] main = new double[count * FRAMES];
        double[] next = new double[count * FRAMES];
        weigh(p, main, next);
        double[] x = new double[count * FRAMES];
        for (int mel = 0; mel < count; mel++) {
            for (int i = 0; i < FRAMES; i++) {
                int at = mel * FRAMES + i;
                double above = mel == 0 ? 0 : next[at - FRAMES] / main[at - FRAMES];
                double before = mel == 0 ? 0 : next[at - FRAMES];
                main[at] = Math.max(main[at] - above * before, Float.MIN_NORMAL);
                x[at] = r[at] - (mel == 0 ? 0 : above * x[at - FRAMES]);
            }
        }
        for (int mel = count - 1; mel >= 0; mel--) {
            for (int i = 0; i < FRAMES; i++) {
                int at = mel * FRAMES + i;
                double after = mel == count - 1 ? 0 : next[at] * x[at + FRAMES];
                x[at] = (x[at] - after) / main[at];
            }
        }
        for (int i = 0; i < r.length; i++) {
            r[i] = (float) Math.max(-UNBOUNDED, Math.min(UNBOUNDED, x[i]));
        }
    }

    /** The diagonals of B diag(p) B'. An empty filter has 1. */
    private void weigh(float[] p, double[] main, double[] next) {
        for (int mel = 0; mel < filters.mels(); mel++) {
            float[] run = filters.weights(mel);
            boolean last = mel == filters.mels() - 1;
            float[] following = last ? new float[0] : filters.weights(mel + 1);
            int shift = last ? 0 : filters.first(mel) - filters.first(mel + 1);
            for (int begin = 0; begin < FRAMES; begin += lanes) {
                int at = place(begin, mel);
                int to = mel * FRAMES + begin;
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
