package dev.phasor.reconstruction;

import dev.phasor.phase.Floor;
import dev.phasor.stft.SlidingAnalysis;
import dev.phasor.stft.SlidingSynthesis;
import dev.phasor.stft.SlidingSynthesis.SampleSink;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One channel through the transform and its least-squares inverse, in blocks, with the figures of {@link Accuracy} on what is
 * delivered. Memory is that of the frames under way, whatever the length. Three transforms follow each other, as a spectrogram is
 * compared with that of the audio made from it, and that with its own consistent version. Not thread-safe.
 */
public final class StreamedInverse {

    /**
     * @param singularBins bins that are zero or below the floor; with a relative floor, whose largest magnitude is known only at
     *     the end, counted to 0.1 % of the floor
     */
    public record Outcome(double spectralConvergenceDb, double inconsistencyDb, long singularBins) {}

    /** Over the bins of a frame, beside its transforms. */
    private static final double PASSES = 10;

    private final Floor floor;
    private final MagnitudeHistogram histogram = new MagnitudeHistogram();
    private final Queue<float[]> magnitudes = new ArrayDeque<>();
    private final Queue<float[][]> projections = new ArrayDeque<>();
    private final SlidingAnalysis input;
    private final SlidingSynthesis delivery;
    private final SlidingAnalysis deliveredAnalysis;
    private final SlidingSynthesis consistency;
    private final SlidingAnalysis consistentAnalysis;
    private double energy;
    private double error;
    private double inconsistency;
    private long length;

    public StreamedInverse(Stft stft, Floor floor, SampleSink sink) {
        this.floor = floor;
        consistentAnalysis = new SlidingAnalysis(stft, this::compareConsistent);
        consistency = new SlidingSynthesis(stft, consistentAnalysis::push);
        deliveredAnalysis = new SlidingAnalysis(stft, this::compareDelivered);
        delivery = new SlidingSynthesis(stft, (block, offset, count) -> {
            sink.samples(block, offset, count);
            deliveredAnalysis.push(block, offset, count);
        });
        input = new SlidingAnalysis(stft, this::take);
    }

    /** Bytes that one channel holds at most, beside the {@link Stft}: frames under way, five transforms and their signals. */
    public static long bytes(TransformCost transform, int block) {
        StftParameters stft = transform.parameters();
        long frames = 2L * stft.fftSize() / stft.hopLength() + 3;
        long signals = 3 * Double.BYTES * (3L * stft.fftSize() + 2L * block) + 8L * Double.BYTES * stft.fftSize();
        return 3 * transform.plane(frames) + 5 * transform.frameTransform() + signals + MagnitudeHistogram.BYTES;
    }

    /** The work of one frame: three transforms forward, two back. */
    public static double frameWork(TransformCost transform) {
        return transform.singleFrames(5) + PASSES * transform.parameters().bins();
    }

    /** @param block not modified */
    public void push(float[] block, int offset, int count) {
        length += count;
        input.push(block, offset, count);
    }

    /** @throws dev.phasor.signal.InvalidInputException {@code SHAPE_MISMATCH} if there was too little for one frame */
    public Outcome end() {
        input.end();
        delivery.end(length);
        deliveredAnalysis.end();
        consistency.end(length);
        consistentAnalysis.end();
        return new Outcome(
                Decibels.ofEnergies(error, energy),
                Decibels.ofEnergies(inconsistency, energy),
                histogram.countBelow(
                        floor.mode() == Floor.Mode.ABSOLUTE ? floor.value() : floor.value() * histogram.largest()));
    }

    private void take(float[] re, float[] im) {
        float[] magnitude = new float[re.length];
        for (int k = 0; k < re.length; k++) {
            double square = square(re[k], im[k]);
            magnitude[k] = (float) Math.min(Float.MAX_VALUE, Math.sqrt(square));
            energy += square;
        }
        histogram.add(magnitude);
        magnitudes.add(magnitude);
        delivery.push(re, im);
    }

    private void compareDelivered(float[] re, float[] im) {
        float[] magnitude = magnitudes.remove();
        float[][] projection = new float[2][re.length];
        for (int k = 0; k < re.length; k++) {
            double r = Math.sqrt(square(re[k], im[k]));
            error += (r - magnitude[k]) * (r - magnitude[k]);
            projection[0][k] = r == 0 ? magnitude[k] : (float) (magnitude[k] * (re[k] / r));
            projection[1][k] = r == 0 ? 0 : (float) (magnitude[k] * (im[k] / r));
        }
        projections.add(projection);
        consistency.push(projection[0], projection[1]);
    }

    private void compareConsistent(float[] re, float[] im) {
        float[][] projection = projections.remove();
        for (int k = 0; k < re.length; k++) {
            inconsistency += square((double) re[k] - projection[0][k], (double) im[k] - projection[1][k]);
        }
    }

    private static double square(double re, double im) {
        return re * re + im * im;
    }
}
