package dev.phasor.reconstruction;

import dev.phasor.mel.MelFilters;
import dev.phasor.mel.MelInverse;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Shape;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.Stft;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sound from mels. The two steps that all know find magnitudes first ({@link MelMagnitudes}) and then a phase for them
 * ({@link PhaseReconstructor}); they lose what the magnitudes' errors cost. Jointly, the two steps are only the start
 * of a descent of the waveform towards the mels themselves ({@link MelTarget}, {@link QuasiNewton}), which moves
 * magnitudes and phases together (Masuyama et al., "Signal Reconstruction from Mel-Spectrogram Based on Bi-Level
 * Consistency of Full-Band Magnitude and Phase", 2023, has the problem and another solution).
 */
public final class MelReconstructor {

    /** The part of the iterations that the two steps get: of 1/3, 1/2 and 3/4 the one with the best mels. */
    private static final double START = 1.0 / 3;

    /** The part of the descent in which magnitudes are drawn towards the first ones; of 1/2 and 3/4 the smoother. */
    private static final double DRAWN = 0.75;

    /**
     * The tolerance of the least squares that the descent starts from. After 32 and 100 iterations the mel convergence
     * is within 0.2 dB of that from {@link MelInverse#TOLERANCE}, on the clips of benchmarks/QUALITY.md.
     */
    private static final double START_TOLERANCE = 1e-3;

    private final MelFilters filters;
    private final int power;
    private final @Nullable Algorithm algorithm;
    private final Kernels kernels;
    private final MelMagnitudes magnitudes;

    /**
     * @param power of the magnitudes that the filters weigh, 1 or 2
     * @param algorithm finds the phases of the two steps; null for the joint descent
     */
    public MelReconstructor(MelFilters filters, int power, @Nullable Algorithm algorithm, Kernels kernels) {
        this.filters = filters;
        this.power = power;
        this.algorithm = algorithm;
        this.kernels = kernels;
        magnitudes = new MelMagnitudes(filters, power);
    }

    /**
     * Reconstructs every item.
     *
     * @param leading the items' axes
     * @param mels of each item [frame][mel]; what is negative says "at most its absolute value"
     * @throws dev.phasor.signal.InvalidInputException {@code NOLA} if window and hop cannot be inverted
     */
    public MelReconstruction reconstruct(
            Shape leading, float[][] mels, ReconstructionParameters parameters, Progress progress) {
        Stft stft = kernels.stft(parameters.stft());
        MelFilters.checkBins(filters.bins(), parameters.stft().bins());
        int frames = mels[0].length / filters.mels();
        Integer asked = parameters.length();
        int length = asked == null ? parameters.stft().defaultLength(frames) : asked;
        stft.checkInvertible(frames, length);
        int determined = parameters.stft().determined(frames, length);
        progress.begins(
                mels.length, Workload.even(algorithm == null || algorithm.iterative() ? parameters.iterations() : 0));
        float[][] samples = new float[mels.length][];
        Ranges.each(mels.length, item -> {
            float[] magnitude = magnitudes.of(mels[item], algorithm == null ? START_TOLERANCE : MelInverse.TOLERANCE);
            Problem problem = new Problem(kernels, stft, magnitude, item, determined, parameters);
            samples[item] = Arrays.copyOf(run(problem, mels[item], progress), length);
        });
        return new MelReconstruction(
                new AudioSignal(leading, samples, parameters.sampleRate()),
                algorithm == null
                        ? "joint"
                        : Plan.of(algorithm, parameters).algorithm().wireName(),
                algorithm != null && !algorithm.iterative() ? 0 : parameters.iterations());
    }

    private float[] run(Problem problem, float[] mels, Progress progress) {
        if (problem.largest() == 0) {
            return new float[problem.length()];
        }
        int exponent = MagnitudeTarget.exponent(problem.magnitude());
        ReconstructionParameters parameters = problem.parameters();
        float[] samples = algorithm == null
                ? joint(problem, mels, exponent, progress)
                : Plan.of(algorithm, parameters).scaled(problem, progress);
        Plan.rescale(samples, exponent);
        return samples;
    }

    private float[] joint(Problem problem, float[] mels, int exponent, Progress progress) {
        int limit = problem.parameters().iterations();
        int start = (int) Math.max(1, Math.round(START * limit));
        float[] x = Plan.of(Algorithm.AUTO, problem.parameters().withIterations(start))
                .scaled(problem.withIterations(start), progress);
        if (start == limit) {
            return x;
        }
        float[] weights = MelTarget.weights(problem);
        FrameLoop loop = problem.loop().weighted(weights);
        MelTarget target =
                new MelTarget(problem, loop, filters, magnitudes.gram(), power, scaled(mels, exponent), weights);
        // What is kept is the start's: the descent begins anew from it.
        Session session = new Session(problem, target, loop, progress::iterated, null, start);
        x = new QuasiNewton(session).descend(x, start + (int) (DRAWN * (limit - start)));
        target.release();
        session.newStage();
        return new QuasiNewton(session).descend(x);
    }

    private float[] scaled(float[] mels, int exponent) {
        double scale = Math.scalb(1.0, -exponent * power);
        float[] scaled = new float[mels.length];
        Ranges.forEach(mels.length, mels.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                scaled[i] = (float) (mels[i] * scale);
            }
        });
        return scaled;
    }
}
