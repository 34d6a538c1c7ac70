package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.Stft;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sources of a mixture x from estimates of them. Each iteration sets the magnitudes, shares what is missing of the
 * mixture in each bin, and makes the sources consistent: with S_j = M_j sgn(STFT(u_j)),
 *
 * <pre>
 * y_j = ISTFT(S_j + L_j (STFT(x) - sum S)),   u_j = y_j + a (y_j - y_j_old)
 * </pre>
 *
 * a = 0 and L_j = 1/J is MISI (Gunawan, Sen, "Iterative Phase Estimation for the Synthesis of Separated Sources From
 * Single-Channel Mixtures", 2010). Other shares are those of Magron and Virtanen (2023). The sum of the L is 1, and the
 * inverse of the transform is the signal: the sources sum to the mixture at every iteration.
 */
public final class Separator {

    private final Stft stft;
    private final Kernels kernels;
    private final SeparationParameters parameters;

    public Separator(Stft stft, Kernels kernels, SeparationParameters parameters) {
        this.stft = stft;
        this.kernels = kernels;
        this.parameters = parameters;
    }

    /**
     * Finds the sources, one channel after the other.
     *
     * @param mixture {@code [..., samples]}
     * @param estimates {@code [sources, ..., bins, frames]}
     * @param progress hears of each iteration, without its convergence
     * @throws InvalidInputException {@code SHAPE_MISMATCH} unless the estimates are of the mixture's shape;
     *     {@code NOLA} if window and hop cannot be inverted
     */
    public Separation separate(AudioSignal mixture, SourceEstimates estimates, Progress progress) {
        check(mixture, estimates);
        int items = mixture.items();
        int sources = estimates.sources() + (parameters.residual() ? 1 : 0);
        float[][] samples = new float[sources * items][];
        Double[] mixing = new Double[items];
        Double[] convergence = new Double[samples.length];
        Double[] inconsistency = new Double[samples.length];
        MixingShares shares = parameters.shares();
        int[] ran = new int[items];
        progress.begins(items, Workload.even(parameters.iterations()));
        for (int item = 0; item < items; item++) {
            MixtureProblem problem = new MixtureProblem(stft, mixture.samples(item), estimates, item, parameters);
            shares = item == 0 || shares == problem.shares() ? problem.shares() : MixingShares.AUTO;
            int of = item;
            float[][] found = problem.separate((step, signals) -> {
                boolean goesOn = step == 0 || progress.iterated(of, step, Double.NaN);
                ran[of] = goesOn ? step + 1 : step;
                return goesOn;
            });
            progress.iterated(of, ran[of], Double.NaN);
            FrameLoop loop = stft.frameLoop(stft.parameters().frames(mixture.length()), mixture.length());
            for (int j = 0; j < sources; j++) {
                Accuracy accuracy = accuracy(loop, problem.magnitude(j), found[j]);
                convergence[j * items + item] = accuracy.spectralConvergenceDb();
                inconsistency[j * items + item] = accuracy.inconsistencyDb();
            }
            mixing[item] = problem.deliver(found);
            for (int j = 0; j < sources; j++) {
                samples[j * items + item] = found[j];
            }
        }
        return new Separation(
                new AudioSignal(leading(sources, mixture), samples, mixture.sampleRate()),
                shares,
                Arrays.stream(ran).min().orElse(0),
                Arrays.stream(ran).anyMatch(steps -> steps < parameters.iterations()),
                Arrays.asList(mixing),
                Arrays.asList(convergence),
                Arrays.asList(inconsistency));
    }

    private Accuracy accuracy(FrameLoop loop, float[] magnitude, float[] samples) {
        int exponent = MagnitudeTarget.exponent(magnitude);
        float[] scaled = samples.clone();
        Plan.rescale(scaled, -exponent);
        return Accuracy.of(loop, MagnitudeTarget.of(magnitude, loop, kernels.iteration()), scaled);
    }

    /**
     * The sources, and the gradient of a loss of them with respect to the estimates, through every iteration.
     *
     * @param cotangent the gradient with respect to the sources, {@code [sources, ..., samples]}
     * @throws InvalidInputException as {@link #separate}, and {@code SHAPE_MISMATCH} for another cotangent
     */
    public SeparationGradient vjp(
            AudioSignal mixture, SourceEstimates estimates, AudioSignal cotangent, BoundedGradient rule) {
        check(mixture, estimates);
        int items = mixture.items();
        int sources = estimates.sources();
        Shape leading = leading(sources, mixture);
        if (!cotangent.shape().equals(leading.plus(mixture.length()))) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "cotangent must have the shape " + leading.plus(mixture.length()) + " of the sources, got "
                            + cotangent.shape());
        }
        SpectrogramShape shape = estimates.shape();
        float[][] samples = new float[sources * items][];
        float[][] re = shape.newPlanes();
        float[][] im = estimates.isComplex() ? shape.newPlanes() : re;
        long[] counts = new long[2];
        MixingShares shares = parameters.shares();
        for (int item = 0; item < items; item++) {
            MixtureProblem problem = new MixtureProblem(stft, mixture.samples(item), estimates, item, parameters);
            shares = item == 0 || shares == problem.shares() ? problem.shares() : MixingShares.AUTO;
            float[][] found = problem.separate((step, signals) -> true);
            problem.deliver(found);
            List<float[]> upstream = new ArrayList<>();
            for (int j = 0; j < sources; j++) {
                samples[j * items + item] = found[j];
                upstream.add(cotangent.samples(j * items + item).clone());
            }
            problem.pullBack(
                    upstream.toArray(float[][]::new), rule, counts, of(re, sources, item), of(im, sources, item));
        }
        return new SeparationGradient(
                new AudioSignal(leading, samples, mixture.sampleRate()),
                shares,
                estimates.isComplex() ? null : new RealSpectrogram(shape, re),
                estimates.isComplex() ? new ComplexSpectrogram(shape, re, im) : null,
                counts[0],
                counts[1]);
    }

    /** An item's planes. */
    private static float[][] of(float[][] planes, int sources, int item) {
        float[][] of = new float[sources][];
        for (int j = 0; j < sources; j++) {
            of[j] = planes[j * (planes.length / sources) + item];
        }
        return of;
    }

    private void check(AudioSignal mixture, SourceEstimates estimates) {
        SpectrogramShape shape = estimates.shape();
        int frames = stft.parameters().frames(mixture.length());
        boolean fits = shape.leading().rank() > 0
                && shape.leading().equals(leading(shape.leading().size(0), mixture))
                && shape.bins() == stft.parameters().bins()
                && shape.frames() == frames;
        if (!fits) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "the sources' estimates must have the shape [sources, "
                            + new SpectrogramShape(
                                            mixture.leading(), stft.parameters().bins(), frames)
                                    .toString()
                                    .substring(1)
                            + ", which is the mixture's spectrogram's behind an axis of the sources, got " + shape
                            + "; check hop_length, center and the order of the axes");
        }
        stft.checkInvertible(frames, mixture.length());
    }

    private static Shape leading(int sources, AudioSignal mixture) {
        return Shape.of(sources).plus(mixture.leading().toArray());
    }
}
