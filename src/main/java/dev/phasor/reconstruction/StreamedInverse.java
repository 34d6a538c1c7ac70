package dev.phasor.reconstruction;

import dev.phasor.phase.Floor;
import dev.phasor.stft.SlidingAnalysis;
import dev.phasor.stft.SlidingSynthesis;
import dev.phasor.stft.SlidingSynthesis.SampleSink;
import dev.phasor.stft.Stft;
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

    /** Bytes that one channel holds at most, about. */
    public static long bytes(int fftSize, int hopLength) {
        long frames = 2L * fftSize / hopLength + 3;
        return frames * 3 * (fftSize / 2 + 1) * Float.BYTES + 30L * Double.BYTES * fftSize + MagnitudeHistogram.BYTES;
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
