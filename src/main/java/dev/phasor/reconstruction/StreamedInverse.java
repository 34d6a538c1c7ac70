package dev.phasor.reconstruction;

import dev.phasor.phase.Floor;
import dev.phasor.stft.SlidingFrames;
import dev.phasor.stft.SlidingFrames.SampleSink;
import dev.phasor.stft.Stft;
import dev.phasor.stft.TransformCost;

/**
 * One channel of audio through the transform and its least-squares inverse, block by block, with the figures of
 * {@link Accuracy} on the audio that is delivered. Memory is that of the frames under way, whatever the length. Not
 * thread-safe.
 */
public final class StreamedInverse {

    /**
     * @param singularBins bins that are zero or below the floor; a relative floor is known at the end only, and bins
     *     are counted to 0.1 % of it
     */
    public record Outcome(Accuracy accuracy, long singularBins) {}

    /** Samples of a signal that are pushed at once. */
    private static final int PIECE = 1 << 16;

    /** More than a transform in floats is off. */
    private static final double ROUNDING = 1.01;

    /** Over the bins of a frame, beside its transforms. */
    private static final double PASSES = 10;

    private final IterationKernel kernel;
    private final Floor floor;
    private final MagnitudeHistogram histogram;
    private final DeliveredFigures figures;
    private final SlidingFrames frames;

    /** @param peak no sample is larger without its sign; infinity where nobody knows */
    public StreamedInverse(Stft stft, IterationKernel kernel, Floor floor, float peak, SampleSink sink) {
        this.kernel = kernel;
        this.floor = floor;
        histogram = new MagnitudeHistogram(floor.value() * reference(stft, peak));
        figures = new DeliveredFigures(stft, kernel);
        frames = new SlidingFrames(
                stft,
                this::take,
                (block, offset, count) -> {
                    sink.samples(block, offset, count);
                    figures.deliver(block, offset, count);
                },
                figures::ask);
    }

    /** What a floor refers to, at most: no window is above 1. */
    private double reference(Stft stft, float peak) {
        return floor.mode() == Floor.Mode.ABSOLUTE
                ? 1
                : ROUNDING * stft.parameters().fftSize() * peak;
    }

    /**
     * A whole signal, piece by piece.
     *
     * @param peak of the samples, or more
     * @param samples not modified
     * @param out modified; where it is longer than the frames of the samples reach, zeros
     * @throws dev.phasor.signal.InvalidInputException as {@link #end}
     */
    public static Outcome of(Stft stft, IterationKernel kernel, Floor floor, float peak, float[] samples, float[] out) {
        StreamedInverse inverse = new StreamedInverse(stft, kernel, floor, peak, new Written(out));
        if (out.length != samples.length) {
            inverse.fix(stft.parameters().frames(samples.length), out.length);
        }
        for (int from = 0; from < samples.length; from += PIECE) {
            inverse.push(samples, from, Math.min(PIECE, samples.length - from));
        }
        return inverse.end();
    }

    /** Samples into an array, one after the other. */
    static final class Written implements SampleSink {

        private final float[] out;
        private int written;

        Written(float[] out) {
            this.out = out;
        }

        @Override
        public void samples(float[] block, int offset, int count) {
            System.arraycopy(block, offset, out, written, count);
            written += count;
        }
    }

    /** {@link #bytes} of {@link #of} so many samples, its output not counted. */
    public static long bytesOfWhole(TransformCost transform, int samples) {
        return bytes(transform, Math.min(PIECE, samples));
    }

    /** Bytes that one channel holds at most, beside the {@link Stft}. */
    public static long bytes(TransformCost transform, int block) {
        return SlidingFrames.bytes(transform, block)
                + DeliveredFigures.bytes(transform, block)
                + MagnitudeHistogram.BYTES;
    }

    /** The work of one frame: three transforms forward, two back. */
    public static double frameWork(TransformCost transform) {
        return transform.frames(5) + PASSES * transform.parameters().bins();
    }

    private void fix(long count, long samples) {
        frames.fix(count, samples);
        figures.fix(count, samples);
    }

    /** @param block not modified */
    public void push(float[] block, int offset, int count) {
        frames.push(block, offset, count);
    }

    /**
     * @throws dev.phasor.signal.InvalidInputException {@code SHAPE_MISMATCH} if there was too little for one frame;
     *     {@code NOLA} if its frames do not determine it
     */
    public Outcome end() {
        frames.end();
        return new Outcome(
                figures.end(frames.sum()),
                histogram.countBelow(
                        floor.mode() == Floor.Mode.ABSOLUTE ? floor.value() : floor.value() * histogram.largest()));
    }

    /** Asks for a tile's own magnitudes; their energy. */
    private double take(long tile, int count, float[] re, float[] im) {
        float[] magnitude = new float[re.length];
        kernel.magnitude(re, im, magnitude, 0, magnitude.length);
        histogram.add(magnitude, SlidingFrames.fillers(re.length, count));
        return figures.ask(tile, magnitude);
    }
}
