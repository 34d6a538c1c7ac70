package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;

/**
 * The lowest frequencies of a spectrogram as a spectrogram of its own: that of the signal behind a low-pass filter,
 * with every factor-th sample only, whose window, n_fft and hop are the factor-th part. Its bins are the whole one's
 * first, for the price of the factor-th part.
 */
final class LowBand {

    /** Of its bins, from below, those that are as in the whole; above them the filter's flank goes down to 0. */
    private static final double PASSED = 0.9;

    /** With fewer bins the flank would be steeper than the window can resolve. */
    private static final int LEAST_BINS = 32;

    private final Problem whole;
    private final StftParameters stft;
    private final Problem problem;
    private final int passed;

    /** Of win_length/hop_length: a band without overlap could not be inverted at its own, shorter length. */
    private static final int LEAST_OVERLAP = 2;

    LowBand(Problem whole, int factor, int iterations) {
        this.whole = whole;
        stft = parameters(whole.stft().parameters(), factor);
        passed = (int) (PASSED * stft.bins());
        problem = new Problem(
                whole.kernels(),
                whole.kernels().stft(stft),
                filtered(),
                whole.item(),
                stft.defaultLength(whole.frames()),
                ReconstructionParameters.of(stft)
                        .withIterations(iterations)
                        .withTolerance(whole.parameters().tolerance())
                        .withSeed(whole.parameters().seed()));
    }

    /** Whether every factor-th sample of a frame are the frame of a transform with the same frequencies and frames. */
    static boolean exists(StftParameters stft, int factor) {
        int padded = stft.fftSize() - stft.windowLength();
        return stft.fftSize() % (2 * factor) == 0
                && padded % (2 * factor) == 0
                && stft.windowLength() % factor == 0
                && stft.hopLength() % factor == 0
                && stft.fftSize() / factor / 2 >= LEAST_BINS
                && stft.windowLength() >= LEAST_OVERLAP * (long) stft.hopLength();
    }

    static StftParameters parameters(StftParameters stft, int factor) {
        return new StftParameters(
                stft.fftSize() / factor,
                stft.hopLength() / factor,
                stft.windowLength() / factor,
                stft.window().shortened(factor),
                stft.centered(),
                stft.padMode());
    }

    private float[] filtered() {
        int bins = stft.bins();
        float[] gain = new float[bins];
        for (int bin = 0; bin < bins; bin++) {
            double flank = Math.max(0, bin - passed) / (double) (bins - passed);
            gain[bin] = (float) Math.pow(Math.cos(Math.PI / 2 * flank), 2);
        }
        float[] magnitude = new float[Math.multiplyExact(whole.frames(), bins)];
        Ranges.forEach(whole.frames(), magnitude.length, 1, (from, to) -> {
            for (int frame = from; frame < to; frame++) {
                for (int bin = 0; bin < bins; bin++) {
                    magnitude[frame * bins + bin] = gain[bin] * whole.magnitude()[frame * whole.bins() + bin];
                }
            }
        });
        return magnitude;
    }

    /** The band to reconstruct. */
    Problem problem() {
        return problem;
    }

    /** This band's part of a phase of the whole. */
    float[] cut(float[] phase) {
        int bins = stft.bins();
        float[] part = new float[whole.frames() * bins];
        Ranges.forEach(whole.frames(), part.length, 1, (from, to) -> {
            for (int frame = from; frame < to; frame++) {
                System.arraycopy(phase, frame * whole.bins(), part, frame * bins, bins);
            }
        });
        return part;
    }

    /**
     * A phase of this band, up to the filter's flank, into that of the whole.
     *
     * @param phase Modified.
     */
    void put(float[] part, float[] phase) {
        Ranges.forEach(whole.frames(), part.length, 1, (from, to) -> {
            for (int frame = from; frame < to; frame++) {
                System.arraycopy(part, frame * stft.bins(), phase, frame * whole.bins(), passed);
            }
        });
    }

    /**
     * What the iterations make of a phase.
     *
     * @param phase [frame][bin] of the band
     * @param error that of the magnitudes, squared
     */
    record Solution(float[] phase, double error) {}

    /** The band from this phase on. */
    Solution refine(float[] start, Refinement refinement) {
        FrameLoop loop = problem.loop();
        Target target = Target.of(problem, loop);
        float[] samples = refinement.run(new Session(problem, target, loop, Progress.NONE, start, 0));
        float[] phase = new float[start.length];
        double[] errors = new double[loop.tiles()];
        loop.analyze(samples, (tile, re, im) -> {
            errors[tile] = target.squaredError(tile, re, im);
            float[] angles = new float[re.length];
            problem.kernels().iteration().angle(re, im, angles);
            loop.put(angles, tile, phase);
        });
        return new Solution(phase, Arrays.stream(errors).sum());
    }
}
