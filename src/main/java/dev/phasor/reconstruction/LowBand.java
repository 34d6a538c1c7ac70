package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lowest frequencies of a spectrogram as a spectrogram of their own: that of the low-passed signal with every
 * factor-th sample only. Its window, n_fft and hop are 1/factor of the whole spectrogram's. Its bins are the whole
 * spectrogram's first bins, at 1/factor of the cost.
 */
final class LowBand {

    /**
     * The part of the band's bins, from below, that equal those of the whole. Above them the filter's flank falls to 0.
     */
    private static final double PASSED = 0.9;

    /** The least n_fft/2 of a band. Below it the flank would be steeper than the window can resolve. */
    private static final int LEAST_BINS = 32;

    private final Problem whole;
    private final StftParameters stft;
    private final Problem problem;
    private final int passed;

    /** The least win_length/hop_length. A band without overlap could not be inverted at its own, shorter length. */
    private static final int LEAST_OVERLAP = 2;

    LowBand(Problem whole, int factor, int iterations) {
        this.whole = whole;
        stft = parameters(whole.stft().parameters(), factor);
        passed = passed(stft);
        problem = new Problem(
                whole.kernels(),
                whole.kernels().stft(stft),
                filtered(),
                whole.item(),
                stft.defaultLength(whole.frames()),
                ReconstructionParameters.of(stft)
                        .withIterations(iterations)
                        .withTolerance(whole.parameters().tolerance())
                        .withSeed(whole.parameters().seed()),
                begun());
    }

    private float @Nullable [] begun() {
        float[] begun = whole.begun();
        return begun == null ? null : cut(begun);
    }

    /** Whether every factor-th sample of a frame forms a frame of a transform with the same frequencies and frames. */
    static boolean exists(StftParameters stft, int factor) {
        int padded = stft.fftSize() - stft.windowLength();
        return stft.window().kind() != Window.Kind.HANN_SYMMETRIC
                && stft.fftSize() % (2 * factor) == 0
                && padded % (2 * factor) == 0
                && stft.windowLength() % factor == 0
                && stft.hopLength() % factor == 0
                && stft.framing().isSharedBy(stft.fftSize(), stft.hopLength(), factor)
                && stft.fftSize() / factor / 2 >= LEAST_BINS
                && stft.windowLength() >= LEAST_OVERLAP * (long) stft.hopLength();
    }

    static StftParameters parameters(StftParameters stft, int factor) {
        return new StftParameters(
                stft.fftSize() / factor,
                stft.hopLength() / factor,
                stft.windowLength() / factor,
                stft.window().shortened(factor),
                stft.framing(),
                stft.padMode());
    }

    /** The bins of a band, from below, that equal those of the whole. */
    static int passed(StftParameters band) {
        return (int) (PASSED * band.bins());
    }

    /** The filter's factor on each bin of a band. */
    static float[] gain(StftParameters band) {
        int bins = band.bins();
        int passed = passed(band);
        float[] gain = new float[bins];
        for (int bin = 0; bin < bins; bin++) {
            double flank = Math.max(0, bin - passed) / (double) (bins - passed);
            gain[bin] = (float) Math.pow(Math.cos(Math.PI / 2 * flank), 2);
        }
        return gain;
    }

    private float[] filtered() {
        int bins = stft.bins();
        float[] gain = gain(stft);
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

    /** The reconstruction problem of the band. */
    Problem problem() {
        return problem;
    }

    /** The part of this band in a phase of the whole. */
    float[] cut(float[] phase) {
        int bins = stft.bins();
        int frames = phase.length / whole.bins();
        float[] part = new float[frames * bins];
        Ranges.forEach(frames, part.length, 1, (from, to) -> {
            for (int frame = from; frame < to; frame++) {
                System.arraycopy(phase, frame * whole.bins(), part, frame * bins, bins);
            }
        });
        return part;
    }

    /**
     * Copies a phase of this band, up to the filter's flank, into a phase of the whole.
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
     * The result of the iterations on a band.
     *
     * @param phase [frame][bin] of the band
     * @param error the squared error of the magnitudes
     */
    record Solution(float[] phase, double error) {}

    /** Runs the iterations on the band from a phase. */
    Solution refine(float[] start, Refinement refinement, Progress progress) {
        FrameLoop loop = problem.loop();
        MagnitudeTarget target = MagnitudeTarget.of(problem, loop);
        float[] samples = refinement.run(new Session(problem, target, loop, progress, start, 0));
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
