package dev.phasor.stft;

import dev.phasor.signal.Ranges;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@link Stft#forward}, a step on the frames and {@link Stft#inverse} of a signal that arrives in pieces:
 * {@link FrameLoop} over a window that slides. A frame is computed when its last sample is in, and a sample is handed
 * out when no later frame reaches it; no more is held than one push and the frames that overlap. Samples are the same
 * bits as those of the whole signal, however it is cut into pieces and whatever the number of threads.
 *
 * <p>Whether window and hop can be inverted is known at the end only; until then samples that no frame reaches are
 * zeros. Not thread-safe.
 */
public final class SlidingFrames {

    /**
     * What is done to the frames of a tile, which stand as in {@link FrameLoop.Step}. Called for several tiles at once.
     */
    @FunctionalInterface
    public interface Step {

        /**
         * @param tile its number, from 0 on
         * @param frames in it; those up to {@link FrameLoop#TILE_FRAMES} are zeros
         * @return what {@link SlidingFrames#sum} adds up over all tiles
         */
        double apply(long tile, int frames, float[] re, float[] im);
    }

    /** Takes the next samples of the inverse; the block is used again. */
    @FunctionalInterface
    public interface SampleSink {
        void samples(float[] block, int offset, int count);
    }

    private static final int TILE_FRAMES = FrameLoop.TILE_FRAMES;

    /** Values of the tiles that are held at once, unless one tile has more: they stay in the second-level cache. */
    private static final int WINDOW_VALUES = 1 << 19;

    /** A transform passes over a value so many times. */
    private static final long PASSES = 8;

    /** In frames: ranges of the sum that run in parallel both transform the frames across their border. */
    private static final int SHORTEST_RANGE = 8;

    private final Stft stft;
    private final StftParameters parameters;
    private final Step step;
    private final @Nullable SampleSink sink;
    private final int windowTiles;
    private final float[][] re;
    private final float[][] im;
    private final double[] terms;
    private @Nullable Overlap overlap;

    /** Samples of the padded signal, from position {@link #heldFrom} on. */
    private float[] held = new float[0];

    private long heldFrom;
    private int heldCount;
    private long length;
    private boolean padded;
    private long nextFrame;
    private double sum;

    /** Sums of the frames, from position {@link #delivered} of the padded signal on. */
    private double[] sums = new double[0];

    private int carried;
    private long delivered;
    private long end = Long.MAX_VALUE;
    private long frameLimit = Long.MAX_VALUE;
    private long recoverable = Long.MAX_VALUE;
    private boolean fixed;
    private float[] block = new float[0];

    /** @param sink takes the inverse; null where the frames are only looked at */
    public SlidingFrames(Stft stft, Step step, @Nullable SampleSink sink) {
        this.stft = stft;
        this.parameters = stft.parameters();
        this.step = step;
        this.sink = sink;
        windowTiles = windowTiles(parameters);
        re = new float[windowTiles][];
        im = new float[windowTiles][];
        terms = new double[windowTiles];
        delivered = parameters.pad();
    }

    /**
     * Bytes that one holds at most, beside the {@link Stft}.
     *
     * @param samples of the longest push
     */
    public static long bytes(TransformCost cost, int samples) {
        StftParameters stft = cost.parameters();
        long frames = windowFrames(cost, samples);
        long reach =
                Math.min((frames + TILE_FRAMES) * stft.hopLength(), samples + 3L * stft.fftSize()) + stft.fftSize();
        // Held samples and sums are copied where they grow.
        long signals = 3L * Float.BYTES * (samples + 3L * stft.fftSize()) + (2L * Double.BYTES + Float.BYTES) * reach;
        return 2 * cost.tiles(frames) + signals + cost.overlap();
    }

    /** Values of a tile that only fill it up, where it has so many frames. */
    public static int fillers(int values, int frames) {
        return values - frames * (values / TILE_FRAMES);
    }

    /** Frames that are held at once. */
    public static long windowFrames(TransformCost cost, int samples) {
        StftParameters stft = cost.parameters();
        long frames = (samples + 2L * stft.fftSize()) / stft.hopLength() + 1;
        long tiles = (frames + TILE_FRAMES - 1) / TILE_FRAMES;
        return TILE_FRAMES * Math.min(tiles, windowTiles(stft));
    }

    private static int windowTiles(StftParameters parameters) {
        return Math.max(1, WINDOW_VALUES / (TILE_FRAMES * parameters.bins()));
    }

    /**
     * Fixes how many frames there are and how many samples are handed out, whatever comes; to be called first. Frames
     * beyond the signal and its padding see zeros. Samples that no frame reaches are zeros.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code NOLA} if the frames do not determine the samples
     */
    public void fix(long frames, long samples) {
        frameLimit = frames;
        fixed = true;
        end = samples + parameters.pad();
        if (sink != null) {
            overlap = stft.overlap(frames, samples);
            recoverable = overlap.recoverable();
        }
    }

    /** Hands out the inverse of frames that come from elsewhere: the step writes them. Their number must be fixed. */
    public void synthesize() {
        advance(frameLimit, false);
        rest();
    }

    /** @param samples not modified */
    public void push(float[] samples, int offset, int count) {
        append(samples, offset, count);
        length += count;
        // Reflection at the start looks pad samples ahead.
        if (!padded && heldCount > parameters.pad()) {
            padStart();
        }
        if (padded) {
            advanceTiles();
        }
    }

    private void advanceTiles() {
        advance(complete() / TILE_FRAMES * TILE_FRAMES, true);
    }

    /**
     * The signal is over: its last frames, which see the padding, and the rest of the samples.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code SHAPE_MISMATCH} if it was too short for one frame;
     *     {@code NOLA} if its frames do not determine its samples
     */
    public void end() {
        if (!fixed) {
            fix(parameters.framesOf(length), length);
        }
        if (!padded) {
            padStart();
        }
        if (nextFrame < frameLimit) {
            padEnd();
            zerosBeyond();
        }
        advance(frameLimit - nextFrame, true);
        rest();
    }

    /** Zeros up to the end of the last frame. */
    private void zerosBeyond() {
        float[] zeros = new float[parameters.fftSize()];
        long last = (frameLimit - 1) * parameters.hopLength() + parameters.fftSize();
        for (long missing = last - heldFrom - heldCount; missing > 0; missing -= zeros.length) {
            append(zeros, 0, (int) Math.min(missing, zeros.length));
            advanceTiles();
        }
    }

    /** The samples after the last frame's. */
    private void rest() {
        while (sink != null && delivered < end) {
            int count = (int) Math.min(end - delivered, Math.max(carried, 1 << 12));
            grow(count);
            deliver(count);
        }
    }

    /** What the steps returned, added up in the order of the tiles. */
    public double sum() {
        return sum;
    }

    private long complete() {
        long last = heldFrom + heldCount - parameters.fftSize();
        long complete = last < 0 ? 0 : last / parameters.hopLength() + 1;
        return Math.max(0, Math.min(frameLimit, complete) - nextFrame);
    }

    private void advance(long frames, boolean analyzed) {
        for (long left = frames; left > 0; ) {
            int count = (int) Math.min(left, (long) windowTiles * TILE_FRAMES);
            compute(count, analyzed);
            left -= count;
        }
        forget();
    }

    /** The next frames: forward where they are those of samples, the step, and their sum. */
    private void compute(int frames, boolean analyzed) {
        int tiles = (frames + TILE_FRAMES - 1) / TILE_FRAMES;
        int tileSize = TILE_FRAMES * parameters.bins();
        int hop = parameters.hopLength();
        int start = analyzed ? (int) (nextFrame * hop - heldFrom) : 0;
        long firstTile = nextFrame / TILE_FRAMES;
        Ranges.forEach(tiles, PASSES * tiles * tileSize, 1, (from, to) -> {
            for (int tile = from; tile < to; tile++) {
                if (re[tile] == null) {
                    re[tile] = new float[tileSize];
                    im[tile] = new float[tileSize];
                }
                int first = tile * TILE_FRAMES;
                int count = Math.min(TILE_FRAMES, frames - first);
                if (analyzed) {
                    stft.tiles().analyse(held, start + first * hop, count, re[tile], im[tile]);
                    Arrays.fill(re[tile], stft.tiles().room(count), tileSize, 0);
                    Arrays.fill(im[tile], stft.tiles().room(count), tileSize, 0);
                }
                terms[tile] = step.apply(firstTile + tile, count, re[tile], im[tile]);
            }
        });
        for (int tile = 0; tile < tiles; tile++) {
            sum += terms[tile];
        }
        if (sink != null) {
            add(frames);
        }
        nextFrame += frames;
    }

    /** Adds the inverse of the frames, and hands out the samples that are complete. */
    private void add(int frames) {
        int size = parameters.fftSize();
        long start = nextFrame * parameters.hopLength();
        long reach = start + (frames - 1L) * parameters.hopLength() + size;
        int covered = (int) Math.max(0, reach - delivered);
        grow(covered);
        long finished = Math.min(end, Math.min(reach, start + (long) frames * parameters.hopLength()));
        int ready = (int) Math.max(0, finished - delivered);
        if (block.length < ready) {
            block = new float[ready];
        }
        long work = PASSES * frames * parameters.bins();
        Ranges.forEach(covered, work, SHORTEST_RANGE * size, (from, to) -> {
            stft.tiles()
                    .overlapAdd(
                            re,
                            im,
                            TILE_FRAMES,
                            frames,
                            stft.inverseScale(),
                            start,
                            delivered + from,
                            delivered + to,
                            sums,
                            from);
            divide(from, Math.min(to, ready));
        });
        handOut(ready);
    }

    /** Hands out so many samples that no frame is to come for. */
    private void deliver(int count) {
        if (block.length < count) {
            block = new float[count];
        }
        divide(0, count);
        handOut(count);
    }

    private void divide(int from, int to) {
        if (from < to) {
            long first = delivered - parameters.pad() + from;
            int count = (int) Math.max(0, Math.min(to - from, recoverable - first));
            overlap().divide(sums, from, first, count, block, from);
            Arrays.fill(block, from + count, to, 0);
        }
    }

    /** Of any number of frames until it is known. */
    private Overlap overlap() {
        if (overlap == null) {
            overlap = Overlap.endless(parameters, stft.window());
        }
        return overlap;
    }

    private void handOut(int count) {
        if (sink != null && count > 0) {
            sink.samples(block, 0, count);
        }
        carried -= count;
        System.arraycopy(sums, count, sums, 0, carried);
        delivered += count;
    }

    /** Sums of at least so many positions, zeros where no frame was added yet. */
    private void grow(int count) {
        if (count > sums.length) {
            sums = Arrays.copyOf(sums, count);
        }
        if (count > carried) {
            Arrays.fill(sums, carried, count, 0);
            carried = count;
        }
    }

    private void padStart() {
        padded = true;
        int pad = parameters.pad();
        int count = heldCount;
        append(new float[pad], 0, pad);
        System.arraycopy(held, 0, held, pad, count);
        for (int i = 0; i < pad; i++) {
            int source = parameters.padMode().source(i - (long) pad, count);
            held[i] = source == PadMode.NONE ? 0 : held[pad + source];
        }
    }

    /** The last pad + 1 samples are always held; where the signal is shorter than that, all of it is. */
    private void padEnd() {
        int pad = parameters.pad();
        long first = Math.max(0, length - pad - 1);
        int last = (int) (length - first);
        int at = (int) (first + pad - heldFrom);
        float[] padding = new float[pad];
        for (int i = 0; i < pad; i++) {
            int source = parameters.padMode().source((long) last + i, last);
            padding[i] = source == PadMode.NONE ? 0 : held[at + source];
        }
        append(padding, 0, pad);
    }

    private void append(float[] samples, int offset, int count) {
        if (heldCount + count > held.length) {
            held = Arrays.copyOf(held, Math.max(heldCount + count, held.length + held.length / 2));
        }
        System.arraycopy(samples, offset, held, heldCount, count);
        heldCount += count;
    }

    /** Drops what neither the next frame nor the padding at the end can need. */
    private void forget() {
        long all = heldFrom + heldCount;
        long keep =
                nextFrame < frameLimit ? Math.min(nextFrame * parameters.hopLength(), all - parameters.pad() - 1) : all;
        int drop = (int) Math.max(0, Math.min(heldCount, keep - heldFrom));
        if (drop > 0) {
            System.arraycopy(held, drop, held, 0, heldCount - drop);
            heldFrom += drop;
            heldCount -= drop;
        }
    }
}
