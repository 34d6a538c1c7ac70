package dev.phasor.reconstruction;

import static java.util.Objects.requireNonNull;

import dev.phasor.phase.Floor;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.SlidingFrames;
import dev.phasor.stft.SlidingFrames.SampleSink;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One channel through the transform and its least-squares inverse, in blocks, with the figures of {@link Accuracy} on
 * what is delivered. Memory is that of the frames under way, whatever the length. Three transforms follow each other,
 * as a spectrogram is compared with that of the audio made from it, and that with its own consistent version. Not
 * thread-safe.
 */
public final class StreamedInverse {

    /**
     * @param singularBins bins that are zero or below the floor, counted to 0.1 % of the floor: what a relative one is
     *     relative to is known at the end only
     */
    public record Outcome(double spectralConvergenceDb, double inconsistencyDb, long singularBins) {}

    /** Samples of a signal that are pushed at once. */
    private static final int PIECE = 1 << 16;

    /** Over the bins of a frame, beside its transforms. */
    private static final double PASSES = 10;

    /** Magnitudes whose squares, and those of what is a million times as much or as little, are floats. */
    private static final int WIDEST_EXPONENT = 40;

    private final IterationKernel kernel;
    private final Floor floor;
    private final MagnitudeHistogram histogram = new MagnitudeHistogram();
    /** By tile: what was asked for, until what was delivered is compared with it. */
    private final Map<Long, float[]> magnitudes = new ConcurrentHashMap<>();
    /** By tile: the phases delivered with the magnitudes asked for, real and imaginary parts. */
    private final Map<Long, float[][]> projections = new ConcurrentHashMap<>();

    private final SlidingFrames input;
    private final SlidingFrames output;
    private final SlidingFrames consistent;

    public StreamedInverse(Stft stft, IterationKernel kernel, Floor floor, SampleSink sink) {
        this.kernel = kernel;
        this.floor = floor;
        consistent = new SlidingFrames(stft, this::inconsistency, null);
        output = new SlidingFrames(stft, this::error, consistent::push);
        input = new SlidingFrames(stft, this::take, (block, offset, count) -> {
            sink.samples(block, offset, count);
            output.push(block, offset, count);
        });
    }

    /**
     * A whole signal, piece by piece.
     *
     * @param samples not modified
     * @param out as long; modified
     * @throws dev.phasor.signal.InvalidInputException as {@link #end}
     */
    public static Outcome of(Stft stft, IterationKernel kernel, Floor floor, float[] samples, float[] out) {
        int[] written = new int[1];
        StreamedInverse inverse = new StreamedInverse(stft, kernel, floor, (block, offset, count) -> {
            System.arraycopy(block, offset, out, written[0], count);
            written[0] += count;
        });
        for (int from = 0; from < samples.length; from += PIECE) {
            inverse.push(samples, from, Math.min(PIECE, samples.length - from));
        }
        return inverse.end();
    }

    /** {@link #bytes} of {@link #of} so many samples, its output not counted. */
    public static long bytesOfWhole(TransformCost transform, int samples) {
        return bytes(transform, Math.min(PIECE, samples));
    }

    /**
     * Bytes that one channel holds at most, beside the {@link Stft}: three windows, and the frames under way between
     * them.
     */
    public static long bytes(TransformCost transform, int block) {
        StftParameters stft = transform.parameters();
        long underWay = stft.fftSize() / stft.hopLength()
                + 2 * FrameLoop.TILE_FRAMES
                + SlidingFrames.windowFrames(transform, block);
        return 3 * SlidingFrames.bytes(transform, block) + 3 * transform.tiles(underWay) + MagnitudeHistogram.BYTES;
    }

    /** The work of one frame: three transforms forward, two back. */
    public static double frameWork(TransformCost transform) {
        return transform.frames(5) + PASSES * transform.parameters().bins();
    }

    /** @param block not modified */
    public void push(float[] block, int offset, int count) {
        input.push(block, offset, count);
    }

    /**
     * @throws dev.phasor.signal.InvalidInputException {@code SHAPE_MISMATCH} if there was too little for one frame;
     *     {@code NOLA} if its frames do not determine it
     */
    public Outcome end() {
        input.end();
        output.end();
        consistent.end();
        return new Outcome(
                Decibels.ofEnergies(output.sum(), input.sum()),
                Decibels.ofEnergies(consistent.sum(), input.sum()),
                histogram.countBelow(
                        floor.mode() == Floor.Mode.ABSOLUTE ? floor.value() : floor.value() * histogram.largest()));
    }

    /** Keeps a tile's magnitudes; their energy. */
    private double take(long tile, int frames, float[] re, float[] im) {
        float[] magnitude = new float[re.length];
        kernel.magnitude(re, im, magnitude, 0, magnitude.length);
        double energy = 0;
        for (int i = 0; i < re.length; i++) {
            energy += (double) magnitude[i] * magnitude[i];
        }
        histogram.add(magnitude, re.length - (long) frames * (re.length / FrameLoop.TILE_FRAMES));
        magnitudes.put(tile, magnitude);
        return energy;
    }

    /** What a tile that was delivered lacks of the magnitudes asked for; in its place, those with its phases. */
    private double error(long tile, int frames, float[] re, float[] im) {
        float[] magnitude = requireNonNull(magnitudes.remove(tile));
        int exponent = exponent(magnitude);
        scale(-exponent, magnitude, re, im);
        double error = kernel.squaredError(magnitude, re, im);
        kernel.project(magnitude, re, im);
        scale(exponent, magnitude, re, im);
        projections.put(tile, new float[][] {re.clone(), im.clone()});
        return Math.scalb(error, 2 * exponent);
    }

    /** How far the transform of a signal is from what it was made of. */
    private double inconsistency(long tile, int frames, float[] re, float[] im) {
        float[][] projection = requireNonNull(projections.remove(tile));
        return Accuracy.squaredDistance(re, im, projection[0], projection[1]);
    }

    /** 0 where squares of such magnitudes are floats, else the power of two that the largest is in. */
    private static int exponent(float[] magnitude) {
        int exponent = Target.exponent(magnitude);
        return Math.abs(exponent) > WIDEST_EXPONENT ? exponent : 0;
    }

    private static void scale(int exponent, float[]... planes) {
        if (exponent != 0) {
            double factor = Math.scalb(1.0, exponent);
            for (float[] plane : planes) {
                for (int i = 0; i < plane.length; i++) {
                    plane[i] = (float) (plane[i] * factor);
                }
            }
        }
    }
}
