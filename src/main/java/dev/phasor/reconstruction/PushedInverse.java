package dev.phasor.reconstruction;

import dev.phasor.reconstruction.SpectrogramInverse.Inconsistency;
import dev.phasor.signal.Rows;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.SlidingFrames;
import dev.phasor.stft.SlidingFrames.Inverse;
import dev.phasor.stft.SlidingFrames.SampleSink;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The least-squares inverse of one item's complex spectrogram Z that comes in blocks of frames, and how far the
 * spectrogram S of the audio is from it. Each frame is synthesized once, and compared when the audio that it became is
 * there. Memory is that of the frames under way. Not thread-safe.
 */
public final class PushedInverse {

    /** The last tiles, whose frames an answer's end cuts. */
    private static final int EDGE_TILES = 2;

    /** Fewer tiles than this many times those of the edge have no inside. */
    private static final int LEAST_EDGES = 3;

    private final Stft stft;
    private final IterationKernel kernel;
    private final int edge;
    /** |Z|^2 and |S - Z|^2 of each tile of the edge. */
    private final double[] edgeEnergy;

    private final double[] edgeDistance;
    /** Those whose frames the audio does not have yet, the latest last. */
    private final Deque<Block> blocks = new ArrayDeque<>();

    private final Map<Long, Inverse> inverses = new ConcurrentHashMap<>();
    private final SlidingFrames frames;
    private final SlidingFrames audio;
    /** Samples that are not delivered yet. */
    private long left;

    /** Frames of Z, the first of which is that of a tile. */
    private record Block(long firstTile, Rows re, Rows im) {

        long end() {
            return firstTile * FrameLoop.TILE_FRAMES + re.frames();
        }
    }

    /**
     * @param count of all frames
     * @param length samples to deliver; where the frames do not reach so far, zeros
     * @param sink receives the audio
     * @throws dev.phasor.signal.InvalidInputException {@code NOLA} if the frames do not determine it
     */
    public PushedInverse(Stft stft, IterationKernel kernel, int count, int length, SampleSink sink) {
        this.stft = stft;
        this.kernel = kernel;
        left = length;
        edge = edge(count);
        int edges = (count + FrameLoop.TILE_FRAMES - 1) / FrameLoop.TILE_FRAMES - edge;
        edgeEnergy = new double[edges];
        edgeDistance = new double[edges];
        audio = new SlidingFrames(stft, new Distance(), null);
        frames = new SlidingFrames(
                stft,
                this::take,
                (block, offset, samples) -> {
                    sink.samples(block, offset, samples);
                    audio.push(block, offset, samples);
                    left -= samples;
                },
                inverses::put);
        frames.fix(count, length);
        audio.fix(count, length);
    }

    /**
     * Takes the next frames.
     *
     * @param re whole tiles, unless its frames are the last; kept and not modified, as is {@code im}
     */
    public void push(Rows re, Rows im) {
        blocks.add(new Block(frames.frames() / FrameLoop.TILE_FRAMES, re, im));
        frames.synthesize(re.frames());
        if (left == 0) {
            audio.endBefore(frames.frames());
        }
        while (!blocks.isEmpty() && blocks.getFirst().end() <= audio.frames()) {
            blocks.removeFirst();
        }
    }

    /** Frames whose audio is not there yet. */
    long underWay() {
        return frames.frames() - audio.frames();
    }

    /** Compares the last frames. */
    public Inconsistency end() {
        audio.end();
        double distance = audio.sum();
        double energy = frames.sum();
        return new Inconsistency(
                Decibels.ofEnergies(distance, energy),
                Decibels.ofEnergies(inside(distance, edgeDistance), inside(energy, edgeEnergy)));
    }

    /** Writes a tile of Z; its energy. */
    private double take(long tile, int count, float[] tileRe, float[] tileIm) {
        Block block = blocks.getLast();
        stft.cut(block.re, tile - block.firstTile, tileRe);
        stft.cut(block.im, tile - block.firstTile, tileIm);
        double energy = kernel.squares(tileRe) + kernel.squares(tileIm);
        putIfOfEdge(edgeEnergy, tile, energy);
        return energy;
    }

    private void putIfOfEdge(double[] values, long tile, double value) {
        if (tile >= edge) {
            values[(int) tile - edge] = value;
        }
    }

    /** |S - Z|^2 of a tile. */
    private final class Distance implements SlidingFrames.Step {

        @Override
        public double known(long tile, int count) {
            Inverse inverse = inverses.remove(tile);
            double distance = inverse == null ? Double.NaN : audio.squaredDistance(tile, count, inverse);
            putIfOfEdge(edgeDistance, tile, distance);
            return distance;
        }

        @Override
        public double apply(long tile, int count, float[] tileRe, float[] tileIm) {
            Block block = of(tile);
            float[] wanted = new float[tileRe.length];
            stft.cut(block.re, tile - block.firstTile, wanted);
            double distance = kernel.squaredDistance(tileRe, wanted);
            stft.cut(block.im, tile - block.firstTile, wanted);
            distance += kernel.squaredDistance(tileIm, wanted);
            putIfOfEdge(edgeDistance, tile, distance);
            return distance;
        }
    }

    private Block of(long tile) {
        return blocks.stream()
                .filter(block -> tile * FrameLoop.TILE_FRAMES < block.end())
                .findFirst()
                .orElseThrow();
    }

    /** The first tile of the edge; the tiles' number where there is none. */
    static int edge(int frames) {
        int tiles = (frames + FrameLoop.TILE_FRAMES - 1) / FrameLoop.TILE_FRAMES;
        return tiles < LEAST_EDGES * EDGE_TILES ? tiles : tiles - EDGE_TILES;
    }

    private static double inside(double sum, double[] edge) {
        return Math.max(0, sum - Arrays.stream(edge).sum());
    }

    /**
     * Bytes that an instance holds at most, beside the {@link Stft} and the block that it takes.
     *
     * @param samples to deliver
     * @param blockFrames of the longest block
     */
    public static long bytes(TransformCost transform, int samples, int frames, int blockFrames) {
        long block = (long) blockFrames * transform.parameters().hopLength();
        int atOnce = (int) Math.min(samples, Math.min(block, SpectrogramInverse.block(transform, samples)));
        long underWay = frames(transform) + (long) blockFrames;
        return SpectrogramInverse.bytesAlone(transform, atOnce, (int) Math.min(frames, underWay))
                + 2 * transform.plane(Math.min(frames, underWay));
    }

    /** Those whose audio is not there yet. */
    private static long frames(TransformCost transform) {
        StftParameters stft = transform.parameters();
        return stft.fftSize() / stft.hopLength() + 2L * FrameLoop.TILE_FRAMES;
    }
}
