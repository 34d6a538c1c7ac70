package dev.phasor.stft;

import dev.phasor.signal.Ranges;
import dev.phasor.stft.RealFft.Scale;
import java.util.Arrays;

/**
 * One pass over two signals of a length: the forward transform of both, a step on their frames, and the adjoint of the
 * forward transform of what the step leaves. A frame is still in the cache when the step sees it, and no spectrogram is
 * held. Tiles are those of {@link FrameLoop}. Frames are added in float; the sums are bit-identical for any number of
 * threads.
 */
public final class AdjointLoop {

    private static final int TILE_FRAMES = FrameLoop.TILE_FRAMES;

    private final StftParameters parameters;
    private final Frames loop;
    private final Scale scale;
    private final int length;
    private final int frames;
    private final int blockTiles;

    AdjointLoop(StftParameters parameters, Frames loop, Scale scale, int length) {
        this.parameters = parameters;
        this.loop = loop;
        this.scale = scale;
        this.length = length;
        frames = parameters.frames(length);
        blockTiles = FrameLoop.blockTiles(parameters);
    }

    /** Of each signal. */
    public int frames() {
        return frames;
    }

    public int tiles() {
        return (frames + TILE_FRAMES - 1) / TILE_FRAMES;
    }

    /** Frames of zeros behind the last one, which fill up its tile. */
    public int missing() {
        return tiles() * TILE_FRAMES - frames;
    }

    /**
     * The adjoints, as in {@link Stft#forwardVjp(float[], float[], float[])}.
     *
     * @param samples {@code length} samples, as are {@code others}. Not modified.
     * @param step sees each tile once, several at a time; what it leaves in frames of zeros has no effect
     * @return [signal][sample]: of the first signal's tiles, and of the other's
     */
    public float[][] run(float[] samples, float[] others, FrameLoop.PairStep step) {
        int padded = length + 2 * parameters.pad();
        float[] sums = new float[padded];
        float[] otherSums = new float[padded];
        int blocks = (tiles() + blockTiles - 1) / blockTiles;
        // Neighboring blocks add to the same samples: all even blocks come before all odd ones, so the order is fixed.
        for (int side = 0; side < 2; side++) {
            int first = side;
            Ranges.forEach((blocks + 1 - first) / 2, (long) frames * parameters.bins(), 1, (from, to) -> {
                Tile tile = new Tile();
                Tile other = new Tile();
                for (int block = 2 * from + first; block < 2 * to; block += 2) {
                    int end = Math.min(tiles(), (block + 1) * blockTiles);
                    for (int index = block * blockTiles; index < end; index++) {
                        tile.analyze(samples, index);
                        other.analyze(others, index);
                        step.apply(index, tile.re, tile.im, other.re, other.im);
                        tile.add(index, sums);
                        other.add(index, otherSums);
                    }
                }
            });
        }
        return new float[][] {folded(sums), folded(otherSums)};
    }

    /** Adds the padding to the samples that it repeats, and cuts it off. */
    private float[] folded(float[] padded) {
        int pad = parameters.pad();
        Ranges.inOrder(pad, (from, to) -> {
            for (int p = from; p < to; p++) {
                fold(padded, p);
                fold(padded, pad + length + p);
            }
        });
        return Arrays.copyOfRange(padded, pad, pad + length);
    }

    private void fold(float[] padded, int position) {
        int pad = parameters.pad();
        int source = parameters.padMode().source((long) position - pad, length);
        if (source != PadMode.NONE) {
            padded[pad + source] += padded[position];
        }
    }

    private final class Tile {
        private final float[] re = new float[TILE_FRAMES * parameters.bins()];
        private final float[] im = new float[TILE_FRAMES * parameters.bins()];

        private int count(int tile) {
            return Math.min(TILE_FRAMES, frames - tile * TILE_FRAMES);
        }

        private void analyze(float[] samples, int tile) {
            int first = tile * TILE_FRAMES;
            int count = count(tile);
            loop.analyze(samples, parameters.padMode(), first, first + count, Scale.ONE, re, im, 0);
            Arrays.fill(re, loop.room(count), re.length, 0);
            Arrays.fill(im, loop.room(count), im.length, 0);
        }

        private void add(int tile, float[] sums) {
            long start = (long) tile * TILE_FRAMES * parameters.hopLength();
            loop.add(re, im, start, count(tile), scale, sums);
        }
    }
}
