package dev.phasor.stft;

import static java.util.Objects.requireNonNull;

import dev.phasor.signal.Ranges;
import dev.phasor.stft.RealFft.Scale;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a signal: forward transform, a step on the frames, least-squares inverse. Phase retrieval iterates it.
 * A frame is still in the cache when the step sees it, and the full spectrogram is never held.
 *
 * <p>A tile is {@link #TILE_FRAMES} frames in two float arrays, in the order in which the transform computes;
 * {@link #cut} and {@link #put} convert from and to planes [frame][bin]. The last tile is filled up with frames of
 * zeros, which the inverse ignores. Several threads run steps, one thread per tile. The samples are bit-identical for
 * any number of threads. The file is long because each pass has its form for one signal, for two and for weights.
 */
public final class FrameLoop {

    /** Changes a tile's frames, {@code re} and {@code im}, in place. */
    @FunctionalInterface
    public interface Step {
        void apply(int tile, float[] re, float[] im);
    }

    /** Receives the same tile of two signals. */
    @FunctionalInterface
    public interface PairStep {
        void apply(int tile, float[] re, float[] im, float[] otherRe, float[] otherIm);
    }

    /** A multiple of the frames that a vectorized transform computes at once. */
    public static final int TILE_FRAMES = 8;

    /** Fewer tiles than this are not worth a task of their own. */
    private static final int LEAST_BLOCK_TILES = 4;

    /** Samples that one task divides. */
    private static final int RANGE = 1 << 14;

    /**
     * A spectrogram of fewer values is computed on one thread: a handover costs 50-100 us, as much as the transform of
     * so many values.
     */
    private static final long WORTH_SPLITTING = 1 << 15;

    private final StftParameters parameters;
    private final Frames loop;
    private final Scale inverseScale;
    /** Null of a loop that only analyzes. */
    private final @Nullable Overlap overlap;

    private final int frames;
    private final int length;
    private final int blockTiles;
    private final @Nullable FrameWeights weights;
    /** The index in a tile of the i-th value in the order [frame][bin]. */
    private final int[] place;
    /** Tiles that no thread uses at the moment. */
    private final Queue<Tile> free = new ConcurrentLinkedQueue<>();

    FrameLoop(
            StftParameters parameters,
            Frames loop,
            Scale inverseScale,
            @Nullable Overlap overlap,
            int frames,
            int length) {
        this(parameters, loop, inverseScale, overlap, frames, length, null);
    }

    private FrameLoop(
            StftParameters parameters,
            Frames loop,
            Scale inverseScale,
            @Nullable Overlap overlap,
            int frames,
            int length,
            @Nullable FrameWeights weights) {
        this.weights = weights;
        this.parameters = parameters;
        this.loop = loop;
        this.inverseScale = inverseScale;
        this.overlap = overlap;
        this.frames = frames;
        this.length = length;
        this.blockTiles = blockTiles(parameters);
        int bins = parameters.bins();
        place = new int[tileSize()];
        Arrays.setAll(place, i -> loop.index(i / bins, i % bins));
    }

    /** Tiles of a block. Blocks two apart do not reach the same sample: (blockFrames + 1) hop >= n_fft. */
    static int blockTiles(StftParameters parameters) {
        int reach = (parameters.fftSize() / parameters.hopLength() + TILE_FRAMES) / TILE_FRAMES;
        return Math.max(LEAST_BLOCK_TILES, reach);
    }

    /**
     * This loop with a weighted inverse: a frame's squared distance counts {@code weight} times. A quiet frame beside a
     * loud one keeps its own precision by a larger weight.
     *
     * @param weight one for each frame, above 0
     */
    public FrameLoop weighted(float[] weight) {
        return new FrameLoop(
                parameters,
                loop,
                inverseScale,
                overlap,
                frames,
                length,
                new FrameWeights(weight, parameters, loop.window(), length));
    }

    /** Of this loop's inverse, unless it is {@link #weighted}. */
    public EndRoots roots() {
        return weights == null ? requireNonNull(overlap).roots() : EndRoots.NONE;
    }

    public int frames() {
        return frames;
    }

    public int tiles() {
        return (frames + TILE_FRAMES - 1) / TILE_FRAMES;
    }

    /** Values of one plane (real or imaginary) of a tile. */
    public int tileSize() {
        return TILE_FRAMES * parameters.bins();
    }

    /** Frames that stand side by side in a tile: bin k of the i-th of them is value k times this plus i. */
    public int lanes() {
        return loop.lanes();
    }

    /** The index in a tile's planes of a bin of the tile's {@code frame}-th frame. */
    public int place(int frame, int bin) {
        return place[frame * parameters.bins() + bin];
    }

    /**
     * Copies a tile out of a plane [frame][bin].
     *
     * @param values Modified: the tile's values, zeros beyond the last frame.
     */
    public void cut(float[] plane, int tile, float[] values) {
        int offset = tile * place.length;
        int count = Math.min(place.length, plane.length - offset);
        for (int i = 0; i < count; i++) {
            values[place[i]] = plane[offset + i];
        }
        for (int i = count; i < place.length; i++) {
            values[place[i]] = 0;
        }
    }

    /**
     * Copies a tile's values into a plane [frame][bin].
     *
     * @param plane Modified.
     */
    public void put(float[] values, int tile, float[] plane) {
        int offset = tile * place.length;
        int count = Math.min(place.length, plane.length - offset);
        for (int i = 0; i < count; i++) {
            plane[offset + i] = values[place[i]];
        }
    }

    /** Samples of each signal. */
    public int length() {
        return length;
    }

    /**
     * out = inverse(step(forward(samples))).
     *
     * @param samples Not modified.
     * @param out Modified. It must be another array than {@code samples}.
     */
    public void resynthesize(float[] samples, Step step, float[] out) {
        synthesize(
                (tile, re, im) -> {
                    forward(samples, tile, re, im);
                    step.apply(tile, re, im);
                },
                out);
    }

    /** out = inverse(source), where {@code source} writes each tile. */
    public void synthesize(Step source, float[] out) {
        Arrays.fill(out, 0);
        int blocks = (tiles() + blockTiles - 1) / blockTiles;
        // Neighboring blocks add to the same samples: all even blocks come before all odd ones, so the order is fixed.
        each((blocks + 1) / 2, i -> addBlock(2 * i, source, out));
        each(blocks / 2, i -> addBlock(2 * i + 1, source, out));
        each(
                (int) ((length + RANGE - 1L) / RANGE),
                i -> divide(out, i * RANGE, (int) Math.min(length, (i + 1L) * RANGE)));
    }

    private void divide(float[] out, int from, int to) {
        if (weights == null) {
            requireNonNull(overlap).divide(out, from, to);
        } else {
            weights.divide(out, from, to);
        }
    }

    /** Passes each tile of the signal's frames to {@code sink}. */
    public void analyze(float[] samples, Step sink) {
        each(tiles(), index -> {
            Tile tile = borrow();
            forward(samples, index, tile.re, tile.im);
            sink.apply(index, tile.re, tile.im);
            free.add(tile);
        });
    }

    /** Passes each tile of both signals' frames to {@code sink}. */
    public void analyze(float[] samples, float[] others, PairStep sink) {
        analyze(samples, (index, re, im) -> {
            Tile other = borrow();
            forward(others, index, other.re, other.im);
            sink.apply(index, re, im, other.re, other.im);
            free.add(other);
        });
    }

    private void each(int count, IntConsumer task) {
        Ranges.parts(count, (long) frames * parameters.bins() >= WORTH_SPLITTING, task);
    }

    private void addBlock(int block, Step source, float[] out) {
        Tile tile = borrow();
        int end = Math.min(tiles(), (block + 1) * blockTiles);
        for (int index = block * blockTiles; index < end; index++) {
            source.apply(index, tile.re, tile.im);
            int first = index * TILE_FRAMES;
            int count = Math.min(TILE_FRAMES, frames - first);
            if (weights != null) {
                weights.multiply(first, count, loop.lanes(), tile.re, tile.im);
            }
            long start = (long) first * parameters.hopLength() - parameters.pad();
            loop.add(tile.re, tile.im, start, count, inverseScale, out);
        }
        free.add(tile);
    }

    private Tile borrow() {
        Tile tile = free.poll();
        return tile == null ? new Tile(new float[tileSize()], new float[tileSize()]) : tile;
    }

    private record Tile(float[] re, float[] im) {}

    private void forward(float[] samples, int tile, float[] re, float[] im) {
        int first = tile * TILE_FRAMES;
        int count = Math.min(TILE_FRAMES, frames - first);
        loop.analyze(samples, parameters.padMode(), first, first + count, Scale.ONE, re, im, 0);
        Arrays.fill(re, loop.room(count), re.length, 0);
        Arrays.fill(im, loop.room(count), im.length, 0);
    }
}
