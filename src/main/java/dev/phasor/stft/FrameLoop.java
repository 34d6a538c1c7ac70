package dev.phasor.stft;

import dev.phasor.signal.Cancellation;
import dev.phasor.stft.RealFft.Scale;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Forward transform, a step on the frames, and least-squares inverse in one pass over a signal: the iteration of phase
 * retrieval. A frame is in the cache when the step sees it, and no spectrogram is ever held.
 *
 * <p>Frames go by tiles of {@link #TILE_FRAMES}, each two float arrays in the order in which the transform computes,
 * which {@link #cut} and {@link #put} know; the last tile is filled up with frames of zeros, which are dropped again.
 * Steps run on several threads, a tile on one; the samples are the same bits whatever their number.
 */
public final class FrameLoop {

    /** What is done to a tile's frames; changes {@code re} and {@code im} in place. */
    @FunctionalInterface
    public interface Step {
        void apply(int tile, float[] re, float[] im);
    }

    /** What is done with the same tile of two signals. */
    @FunctionalInterface
    public interface PairStep {
        void apply(int tile, float[] re, float[] im, float[] otherRe, float[] otherIm);
    }

    /** A multiple of the frames that a vectorised transform works on at once. */
    public static final int TILE_FRAMES = 8;

    /** Fewer tiles than this are not worth a task of their own. */
    private static final int LEAST_BLOCK_TILES = 4;

    /** Samples that are divided at once. */
    private static final int RANGE = 1 << 14;

    /** Handing over to another thread costs 50-100 us: the transform of so many values. */
    private static final long WORTH_SPLITTING = 1 << 15;

    private final StftParameters parameters;
    private final Frames loop;
    private final Scale inverseScale;
    private final Overlap overlap;
    private final int frames;
    private final int length;
    private final int blockTiles;
    /** Where in a tile the value stands that is the i-th of [frame][bin]. */
    private final int[] place;
    /** Memory that no thread works with at the moment. */
    private final Queue<Tile> free = new ConcurrentLinkedQueue<>();

    FrameLoop(StftParameters parameters, Frames loop, Scale inverseScale, Overlap overlap, int frames, int length) {
        this.parameters = parameters;
        this.loop = loop;
        this.inverseScale = inverseScale;
        this.overlap = overlap;
        this.frames = frames;
        this.length = length;
        // Blocks two apart must not reach the same sample: (blockFrames + 1) hop >= n_fft.
        int reach = (parameters.fftSize() / parameters.hopLength() + TILE_FRAMES) / TILE_FRAMES;
        this.blockTiles = Math.max(LEAST_BLOCK_TILES, reach);
        int bins = parameters.bins();
        place = new int[tileSize()];
        Arrays.setAll(place, i -> loop.index(i / bins, i % bins));
    }

    /** Frames in the item. */
    public int frames() {
        return frames;
    }

    /** Tiles in the item. */
    public int tiles() {
        return (frames + TILE_FRAMES - 1) / TILE_FRAMES;
    }

    /** Values in a tile's plane. */
    public int tileSize() {
        return TILE_FRAMES * parameters.bins();
    }

    /** Where in a tile's planes a bin of its {@code frame}-th frame stands. */
    public int place(int frame, int bin) {
        return place[frame * parameters.bins() + bin];
    }

    /**
     * A tile of a plane [frame][bin].
     *
     * @param values Modified: the tile's, zeros beyond the last frame.
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
     * A tile's values into a plane [frame][bin].
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

    /** Samples of the signals. */
    public int length() {
        return length;
    }

    /**
     * out = inverse(step(forward(samples))).
     *
     * @param samples Not modified.
     * @param out Modified; another array than {@code samples}.
     */
    public void resynthesize(float[] samples, Step step, float[] out) {
        synthesize(
                (tile, re, im) -> {
                    forward(samples, tile, re, im);
                    step.apply(tile, re, im);
                },
                out);
    }

    /** out = inverse(source), where the step writes each tile. */
    public void synthesize(Step source, float[] out) {
        Arrays.fill(out, 0);
        int blocks = (tiles() + blockTiles - 1) / blockTiles;
        // Neighbouring blocks add to the same samples: first those of even number, then those of odd, a fixed order.
        each((blocks + 1) / 2, i -> addBlock(2 * i, source, out));
        each(blocks / 2, i -> addBlock(2 * i + 1, source, out));
        each(
                (int) ((length + RANGE - 1L) / RANGE),
                i -> overlap.divide(out, i * RANGE, (int) Math.min(length, (i + 1L) * RANGE)));
    }

    /** Shows a signal's frames to {@code sink}. */
    public void analyze(float[] samples, Step sink) {
        each(tiles(), index -> {
            Tile tile = borrow();
            forward(samples, index, tile.re, tile.im);
            sink.apply(index, tile.re, tile.im);
            free.add(tile);
        });
    }

    /** Shows two signals' frames to {@code sink}, side by side. */
    public void analyze(float[] samples, float[] others, PairStep sink) {
        analyze(samples, (index, re, im) -> {
            Tile other = borrow();
            forward(others, index, other.re, other.im);
            sink.apply(index, re, im, other.re, other.im);
            free.add(other);
        });
    }

    private void each(int count, IntConsumer task) {
        boolean split = (long) frames * parameters.bins() >= WORTH_SPLITTING;
        Cancellation wanted = Cancellation.current();
        IntStream range = IntStream.range(0, count);
        (split ? range.parallel() : range).forEach(i -> {
            wanted.check();
            task.accept(i);
        });
    }

    private void addBlock(int block, Step source, float[] out) {
        Tile tile = borrow();
        int end = Math.min(tiles(), (block + 1) * blockTiles);
        for (int index = block * blockTiles; index < end; index++) {
            source.apply(index, tile.re, tile.im);
            int first = index * TILE_FRAMES;
            int count = Math.min(TILE_FRAMES, frames - first);
            loop.add(tile.re, tile.im, first, count, inverseScale, out);
        }
        free.add(tile);
    }

    private Tile borrow() {
        Tile tile = free.poll();
        return tile == null ? new Tile(new float[tileSize()], new float[tileSize()]) : tile;
    }

    /** The planes that one thread works on. */
    private record Tile(float[] re, float[] im) {}

    private void forward(float[] samples, int tile, float[] re, float[] im) {
        int first = tile * TILE_FRAMES;
        int count = Math.min(TILE_FRAMES, frames - first);
        loop.analyse(samples, parameters.padMode(), first, first + count, Scale.ONE, re, im, 0);
        Arrays.fill(re, loop.room(count), re.length, 0);
        Arrays.fill(im, loop.room(count), im.length, 0);
    }
}
