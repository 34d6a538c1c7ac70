package dev.phasor.stft;

import java.util.Arrays;

/**
 * The transforms of a fixed number of consecutive frames in both directions, for algorithms that iterate on the latest
 * frames of a signal. The frames stand in tiles as in {@link FrameLoop}. Each instance belongs to one thread.
 */
public final class FrameWindow {

    private static final int TILE_FRAMES = FrameLoop.TILE_FRAMES;

    private final Stft stft;
    private final StftParameters parameters;
    private final int frames;

    /** @param frames of the window, at least 1 */
    public FrameWindow(Stft stft, int frames) {
        this.stft = stft;
        this.frames = frames;
        parameters = stft.parameters();
    }

    public int tiles() {
        return (frames + TILE_FRAMES - 1) / TILE_FRAMES;
    }

    /** A plane of tiles, all zeros. */
    public float[][] newPlane() {
        return new float[tiles()][TILE_FRAMES * parameters.bins()];
    }

    /** Samples from the first frame's start to the last frame's end. */
    public int span() {
        return (frames - 1) * parameters.hopLength() + parameters.fftSize();
    }

    /** The window's value w[n], n in 0..n_fft - 1. */
    public double window(int n) {
        return stft.window()[n];
    }

    /**
     * Sets one frame of a plane.
     *
     * @param plane Modified.
     */
    public void put(float[] values, int frame, float[][] plane) {
        float[] tile = plane[frame / TILE_FRAMES];
        for (int bin = 0; bin < values.length; bin++) {
            tile[stft.tiles().index(frame % TILE_FRAMES, bin)] = values[bin];
        }
    }

    /**
     * Copies one frame of a plane.
     *
     * @param values Modified.
     */
    public void take(float[][] plane, int frame, float[] values) {
        float[] tile = plane[frame / TILE_FRAMES];
        for (int bin = 0; bin < values.length; bin++) {
            values[bin] = tile[stft.tiles().index(frame % TILE_FRAMES, bin)];
        }
    }

    /**
     * Transforms the frames of a tile.
     *
     * @param samples {@link #span} samples. Not modified.
     * @param re Modified, as is {@code im}; what stands beside the frames becomes zeros
     */
    public void analyze(float[] samples, int tile, float[] re, float[] im) {
        int first = tile * TILE_FRAMES;
        int count = Math.min(TILE_FRAMES, frames - first);
        stft.tiles().analyze(samples, first * parameters.hopLength(), count, re, im);
        Arrays.fill(re, stft.tiles().room(count), re.length, 0);
        Arrays.fill(im, stft.tiles().room(count), im.length, 0);
    }

    /**
     * One frame's transform.
     *
     * @param re Modified, one value a bin, as is {@code im}
     */
    public void analyzeOne(float[] samples, int frame, float[] re, float[] im) {
        stft.rows().analyze(samples, frame * parameters.hopLength(), 1, re, im);
    }

    /**
     * Adds the windowed inverse of all frames, in order, to the sums of the positions {@code from} and after.
     *
     * @param sums {@link #span} sums. Modified from {@code from} on.
     */
    public void synthesize(float[][] re, float[][] im, int from, double[] sums) {
        stft.tiles()
                .overlapAdd(
                        re,
                        im,
                        new boolean[re.length],
                        TILE_FRAMES,
                        frames,
                        stft.inverseScale(),
                        0,
                        from,
                        span(),
                        sums,
                        from,
                        null);
    }

    /** Adds the windowed inverse of one frame to the sums of all positions that it reaches. */
    public void synthesizeOne(float[] re, float[] im, int frame, double[] sums) {
        int size = parameters.fftSize();
        stft.rows().overlapAdd(re, im, 1, stft.inverseScale(), 0, size, sums, frame * parameters.hopLength());
    }

    /** Bytes of an instance's planes, {@code planes} of them, and of its transforms. */
    public static long bytes(TransformCost cost, int frames, int planes) {
        return planes * cost.tiles(frames) + cost.workers();
    }
}
