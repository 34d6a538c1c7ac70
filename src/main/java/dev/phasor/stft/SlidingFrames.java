package dev.phasor.stft;

import dev.phasor.signal.Ranges;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@link Stft#forward}, a step on the frames and {@link Stft#inverse} of a signal that arrives in pieces: a
 * {@link FrameLoop} over a sliding window. A frame is computed when its last sample has arrived, and a sample is
 * delivered when no later frame reaches it. Memory holds at most one push and the frames that overlap. The samples are
 * bit-identical to those of the whole signal, for any pieces and any number of threads.
 *
 * <p>Only {@link #end} can tell whether window and hop are invertible; until then samples that no frame reaches are
 * zeros. Not thread-safe. The file is long because what comes in, the frames under way and what goes out share one
 * position.
 */
public final class SlidingFrames {

    /**
     * Changes the frames of a tile, in the layout of {@link FrameLoop.Step}. Several threads call it, each for its own
     * tile.
     */
    @FunctionalInterface
    public interface Step {

        /**
         * @param tile its number, from 0 on
         * @param frames in the tile; the remaining frames up to {@link FrameLoop#TILE_FRAMES} are zeros
         * @return a term of {@link SlidingFrames#sum}
         */
        double apply(long tile, int frames, float[] re, float[] im);

        /** {@link #apply} to frames that are all zeros, which {@code re} and {@code im} need not hold before. */
        default double applyToZeros(long tile, int frames, float[] re, float[] im) {
            Arrays.fill(re, 0);
            Arrays.fill(im, 0);
            return apply(tile, frames, re, im);
        }

        /**
         * A tile's term where it is known without the frames, which then count as zeros and are not transformed; else
         * NaN. It must be so for the same tiles on any number of threads.
         */
        default double known(long tile, int frames) {
            return Double.NaN;
        }

        /** Whether a tile counts as frames of zeros after {@link #apply}, whatever that has left in it. */
        default boolean isZeros(long tile) {
            return false;
        }
    }

    /** Receives the next samples of the inverse. The block is reused after the call. */
    @FunctionalInterface
    public interface SampleSink {
        void samples(float[] block, int offset, int count);
    }

    /**
     * The inverse of a tile's frames before the window.
     *
     * @param samples [frame][sample]
     * @param unheard the squares of what it is not made of: the imaginary parts of bin 0 and, if n_fft is even, of the
     *     last
     */
    public record Inverse(float[] samples, double unheard) {}

    /** Receives the inverse of a tile's frames, where there is one, before the samples that are made of it. */
    @FunctionalInterface
    public interface InverseSink {
        void inverse(long tile, Inverse inverse);
    }

    private static final int TILE_FRAMES = FrameLoop.TILE_FRAMES;

    /** Values of the tiles in memory at once, or one tile if it has more: they stay in the second-level cache. */
    private static final int WINDOW_VALUES = 1 << 19;

    /** The work of one transform, in passes over each value. */
    private static final long PASSES = 8;

    /**
     * The shortest parallel range of the sum, in frames. Both ranges at a border transform the frames that cross it.
     */
    private static final int SHORTEST_RANGE = 16;

    /** Of more frames that overlap the inverses are not kept: each waits until its last sample is delivered. */
    private static final int MOST_OVERLAP = 32;

    private final Stft stft;
    private final StftParameters parameters;
    private final Step step;
    private final @Nullable SampleSink sink;
    private final @Nullable InverseSink inverses;
    private final int windowTiles;
    private final float[][] re;
    private final float[][] im;
    private final double[] terms;
    private final boolean[] zeros;
    private @Nullable Overlap overlap;

    private final HeldSamples held;
    private long nextFrame;
    private double sum;

    /** Sums of the frames, from position {@link #delivered} of the padded signal on. */
    private double[] sums = new double[0];

    private int carried;
    private long delivered;
    private long end = Long.MAX_VALUE;
    private long frameLimit = Long.MAX_VALUE;
    private long recoverable = Long.MAX_VALUE;
    private boolean over;
    private float[] block = new float[0];

    /** @param sink receives the inverse; null if only the step is needed */
    public SlidingFrames(Stft stft, Step step, @Nullable SampleSink sink) {
        this(stft, step, sink, null);
    }

    /** @param inverses receives what the samples are made of; null if it is not needed */
    public SlidingFrames(Stft stft, Step step, @Nullable SampleSink sink, @Nullable InverseSink inverses) {
        this.stft = stft;
        this.parameters = stft.parameters();
        this.inverses = parameters.fftSize() / parameters.hopLength() <= MOST_OVERLAP ? inverses : null;
        this.step = step;
        this.sink = sink;
        held = new HeldSamples(parameters);
        windowTiles = windowTiles(parameters);
        re = new float[windowTiles][];
        im = new float[windowTiles][];
        terms = new double[windowTiles];
        zeros = new boolean[windowTiles];
        delivered = parameters.pad();
    }

    /**
     * The most bytes that an instance holds, without its {@link Stft}. Sums exist twice while they grow.
     *
     * @param samples of the longest push
     */
    public static long bytes(TransformCost cost, int samples) {
        StftParameters stft = cost.parameters();
        long frames = windowFrames(cost, samples);
        long reach =
                Math.min((frames + TILE_FRAMES) * stft.hopLength(), samples + 3L * stft.fftSize()) + stft.fftSize();
        return analysisBytes(cost, samples) + (2L * Double.BYTES + Float.BYTES) * reach + cost.overlap();
    }

    /** {@link #bytes} of an instance without a sink. */
    public static long analysisBytes(TransformCost cost, int samples) {
        StftParameters stft = cost.parameters();
        // Held samples exist twice while they grow.
        long held = samples + 3L * stft.fftSize() + (long) TILE_FRAMES * Math.min(stft.hopLength(), stft.fftSize());
        return 2 * cost.tiles(windowFrames(cost, samples)) + 3L * Float.BYTES * held;
    }

    /**
     * The bytes of the inverses that wait for the audio of the tiles after them.
     *
     * @param frames that there are at most
     */
    public static long inverseBytes(TransformCost cost, int samples, long frames) {
        return 2 * cost.tiles(Math.min(frames, windowFrames(cost, samples) + MOST_OVERLAP + TILE_FRAMES));
    }

    /** The padding values of a tile plane that holds so many frames. */
    public static int fillers(int values, int frames) {
        return values - frames * (values / TILE_FRAMES);
    }

    /** Frames in memory at once. */
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
     * Fixes the number of frames and the number of delivered samples, whatever is pushed. Called before the first push.
     * Frames beyond the signal and its padding are frames of zeros; samples that no frame reaches are zeros.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code NOLA} if the frames do not determine the samples
     */
    public void fix(long frames, long samples) {
        frameLimit = frames;
        end = samples + parameters.pad();
        if (sink != null) {
            overlap = stft.overlap(frames, samples);
            recoverable = overlap.recoverable();
        }
    }

    /**
     * Delivers the inverse of the next frames, which the step writes; the number of all is fixed before. Replaces push
     * and end.
     *
     * @param frames whole tiles, unless they are the last
     */
    public void synthesize(long frames) {
        advance(frames, false);
        if (nextFrame == frameLimit) {
            rest();
        }
    }

    /** Frames that were computed. */
    public long frames() {
        return nextFrame;
    }

    /**
     * @param samples Not modified.
     * @throws dev.phasor.signal.InvalidInputException {@code NOLA} if there is an inverse to deliver and the frames do
     *     not touch
     */
    public void push(float[] samples, int offset, int count) {
        held.push(samples, offset, count);
        boolean apart = parameters.hopLength() > parameters.fftSize();
        if (apart && sink != null && frameLimit == Long.MAX_VALUE && held.length() > 2L * parameters.fftSize()) {
            stft.checkInvertible(held.length());
        }
        advanceTiles();
    }

    /** Computes the tiles that are complete; the last one may have fewer frames. */
    private void advanceTiles() {
        long frames = Math.max(0, Math.min(frameLimit - nextFrame, held.complete(nextFrame)));
        advance(nextFrame + frames == frameLimit ? frames : frames / TILE_FRAMES * TILE_FRAMES, true);
    }

    /**
     * Ends the signal: computes the last frames, which include padding, and delivers the remaining samples.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code SHAPE_MISMATCH} if the signal is too short for one frame;
     *     {@code NOLA} if the frames do not determine the samples
     */
    public void end() {
        if (frameLimit == Long.MAX_VALUE) {
            fix(parameters.framesOf(held.length()), held.length());
        }
        pad();
        advance(frameLimit - nextFrame, true);
        rest();
    }

    /**
     * Computes the whole tiles before a frame, once the last sample has been pushed; {@link #end} computes the others.
     * The number of all frames is fixed before.
     */
    public void endBefore(long frame) {
        pad();
        advance(Math.max(0, frame - nextFrame) / TILE_FRAMES * TILE_FRAMES, true);
    }

    private void pad() {
        if (!over) {
            over = true;
            held.end(nextFrame < frameLimit ? frameLimit : 0);
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

    /** The sum of the step's results, in the order of the tiles. */
    public double sum() {
        return sum;
    }

    private void advance(long frames, boolean analyzed) {
        for (long left = frames; left > 0; ) {
            int count = (int) Math.min(left, (long) windowTiles * TILE_FRAMES);
            compute(count, analyzed);
            left -= count;
        }
        held.forget(nextFrame < frameLimit ? nextFrame * parameters.hopLength() : Long.MAX_VALUE);
    }

    /** Computes the next frames: forward transform unless the step writes them, step, and overlap-add. */
    private void compute(int frames, boolean analyzed) {
        int tiles = (frames + TILE_FRAMES - 1) / TILE_FRAMES;
        int tileSize = TILE_FRAMES * parameters.bins();
        int hop = parameters.hopLength();
        // Frames after those whose samples are held are zeros once the signal has ended.
        int complete = (int) Math.min(frames, held.complete(nextFrame));
        int start = complete > 0 ? held.index(nextFrame * hop) : 0;
        long firstTile = nextFrame / TILE_FRAMES;
        Ranges.forEach(tiles, (long) tiles * tileSize, 1, (from, to) -> {
            for (int tile = from; tile < to; tile++) {
                int first = tile * TILE_FRAMES;
                int count = Math.min(TILE_FRAMES, frames - first);
                terms[tile] = first + count <= complete ? step.known(firstTile + tile, count) : Double.NaN;
                zeros[tile] = !Double.isNaN(terms[tile]);
            }
        });
        int open = 0;
        for (int tile = 0; tile < tiles; tile++) {
            int first = tile * TILE_FRAMES;
            boolean isSilent = analyzed && areZeros(start + first * hop, Math.min(TILE_FRAMES, complete - first));
            open += zeros[tile] || isSilent ? 0 : 1;
        }
        Ranges.forEach(tiles, PASSES * open * tileSize, 1, (from, to) -> {
            for (int tile = from; tile < to; tile++) {
                if (zeros[tile]) {
                    continue;
                }
                if (re[tile] == null) {
                    re[tile] = new float[tileSize];
                    im[tile] = new float[tileSize];
                }
                int first = tile * TILE_FRAMES;
                int count = Math.min(TILE_FRAMES, frames - first);
                int sounding = Math.min(count, complete - first);
                terms[tile] = !analyzed || analyze(start + first * hop, sounding, re[tile], im[tile])
                        ? step.apply(firstTile + tile, count, re[tile], im[tile])
                        : step.applyToZeros(firstTile + tile, count, re[tile], im[tile]);
                zeros[tile] = step.isZeros(firstTile + tile);
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

    /** Transforms frames, unless they are zeros; whether they are not. */
    private boolean analyze(int start, int frames, float[] re, float[] im) {
        if (areZeros(start, frames)) {
            return false;
        }
        stft.tiles().analyze(held.values(), start, frames, re, im);
        int room = stft.tiles().room(frames);
        Arrays.fill(re, room, re.length, 0);
        Arrays.fill(im, room, im.length, 0);
        return true;
    }

    private boolean areZeros(int start, int frames) {
        int samples = (frames - 1) * parameters.hopLength() + parameters.fftSize();
        return frames <= 0 || Frames.areZeros(held.values(), start, start + samples);
    }

    /** Adds the inverse of the frames and delivers the samples that are complete. */
    private void add(int frames) {
        int size = parameters.fftSize();
        long start = nextFrame * parameters.hopLength();
        long reach = Math.min(end, start + (frames - 1L) * parameters.hopLength() + size);
        int covered = (int) Math.max(0, reach - delivered);
        grow(covered);
        long finished = Math.min(reach, start + (long) frames * parameters.hopLength());
        int ready = (int) Math.max(0, finished - delivered);
        if (block.length < ready) {
            block = new float[ready];
        }
        long work = PASSES * frames * parameters.bins();
        Overlap overlap = overlap();
        float @Nullable [] @Nullable [] made =
                inverses == null ? null : new float[(frames + TILE_FRAMES - 1) / TILE_FRAMES][];
        Ranges.forEach(covered, work, SHORTEST_RANGE * size, (from, to) -> {
            stft.tiles()
                    .overlapAdd(
                            re,
                            im,
                            zeros,
                            TILE_FRAMES,
                            frames,
                            stft.inverseScale(),
                            start,
                            delivered + from,
                            delivered + to,
                            sums,
                            from,
                            made);
            divide(overlap, from, Math.min(to, ready));
        });
        if (inverses != null && made != null) {
            tell(inverses, made, frames);
        }
        handOut(ready);
    }

    private void tell(InverseSink to, float[] @Nullable [] made, int frames) {
        for (int tile = 0; tile < made.length; tile++) {
            float[] samples = made[tile];
            if (samples != null) {
                int count = Math.min(TILE_FRAMES, frames - tile * TILE_FRAMES);
                double unheard = stft.tiles().unheard(im[tile], count);
                to.inverse(nextFrame / TILE_FRAMES + tile, new Inverse(samples, unheard));
            }
        }
    }

    /**
     * The sum of |S - Y|^2 over a tile of this signal's spectrogram S and another's, Y, without a transform. To be
     * called by {@link Step#known}.
     */
    public double squaredDistance(long tile, int frames, Inverse ofOther) {
        int start = held.index(tile * TILE_FRAMES * parameters.hopLength());
        return stft.tiles().squaredDistance(held.values(), start, frames, ofOther.samples) + ofOther.unheard;
    }

    /** Delivers {@code count} samples that no later frame reaches. */
    private void deliver(int count) {
        if (block.length < count) {
            block = new float[count];
        }
        divide(overlap(), 0, count);
        handOut(count);
    }

    private void divide(Overlap overlap, int from, int to) {
        if (from < to) {
            long first = delivered - parameters.pad() + from;
            int count = (int) Math.max(0, Math.min(to - from, recoverable - first));
            overlap.divide(sums, from, first, count, block, from);
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

    /** Extends the sums to at least {@code count} positions; new positions hold zeros. */
    private void grow(int count) {
        if (count > sums.length) {
            sums = Arrays.copyOf(sums, count);
        }
        if (count > carried) {
            Arrays.fill(sums, carried, count, 0);
            carried = count;
        }
    }
}
