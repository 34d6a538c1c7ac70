package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import java.util.Arrays;
import java.util.Set;

/**
 * Griffin-Lim and its accelerations with the gradient of their result with respect to the magnitudes. The phase that
 * they start from is a constant. A step keeps a signal and no spectrogram; {@link AcceleratedIterations} has the
 * recurrence and its adjoint.
 */
public final class DifferentiableReconstructor {

    /** The algorithms that are differentiable everywhere but at a bin of 0. */
    public static final Set<Algorithm> ALGORITHMS =
            Set.of(Algorithm.GRIFFINLIM, Algorithm.FAST_GRIFFINLIM, Algorithm.AGLA);

    /** Steps of {@link Through#IMPLICIT} beside the iterations, at most. */
    public static final int IMPLICIT_STEPS = FixedPoint.STEPS;

    private final Algorithm algorithm;
    private final Kernels kernels;
    private final Stft stft;
    private final ReconstructionParameters parameters;

    /** @param algorithm one of {@link #ALGORITHMS} */
    public DifferentiableReconstructor(
            Algorithm algorithm, Kernels kernels, Stft stft, ReconstructionParameters parameters) {
        if (!ALGORITHMS.contains(algorithm)) {
            throw InvalidInputException.badParameter(
                    "algorithm",
                    "griffinlim, fast_griffinlim or agla where its gradient is asked for",
                    algorithm.wireName());
        }
        this.algorithm = algorithm;
        this.kernels = kernels;
        this.stft = stft;
        this.parameters = parameters;
    }

    /**
     * {@code [..., bins, frames]} to {@code [..., length]}, as {@link PhaseReconstructor}.
     *
     * @param length samples that have these frames, and one more at most
     * @throws InvalidInputException {@code NOLA} if window and hop cannot be inverted on these samples
     */
    public AudioSignal forward(MagnitudeSpectrogram magnitude, int length, int sampleRate, Progress progress) {
        SpectrogramShape shape = magnitude.shape();
        stft.checkInvertible(shape.frames(), length);
        float[][] samples = new float[shape.items()][];
        for (int item = 0; item < samples.length; item++) {
            samples[item] = Arrays.copyOf(item(magnitude, item, length).samples(progress), length);
        }
        return new AudioSignal(shape.leading(), samples, sampleRate);
    }

    /**
     * The gradient of {@link #forward} with respect to the magnitudes.
     *
     * @param cotangent with respect to the audio
     */
    public MagnitudeGradient vjp(
            MagnitudeSpectrogram magnitude, AudioSignal cotangent, Through through, BoundedGradient rule) {
        SpectrogramShape shape = magnitude.shape();
        float[][] gradient = shape.newPlanes();
        long[] counts = new long[2];
        double residual = 0;
        for (int each = 0; each < gradient.length; each++) {
            IteratedItem item = item(magnitude, each, cotangent.length());
            float[] determined = Arrays.copyOf(cotangent.samples(each), item.length());
            item.pullBack(determined, through, rule, counts, gradient[each]);
            residual = Math.max(residual, item.residual());
        }
        return new MagnitudeGradient(new RealSpectrogram(shape, gradient), residual, counts[0], counts[1]);
    }

    private IteratedItem item(MagnitudeSpectrogram magnitude, int item, int length) {
        int determined = stft.parameters().determined(magnitude.shape().frames(), length);
        Problem problem = new Problem(kernels, stft, magnitude.values(item), item, determined, parameters);
        float[] phase = problem.largest() == 0
                ? new float[problem.magnitude().length]
                : Plan.start(parameters).estimate(problem);
        return new IteratedItem(
                problem,
                phase,
                algorithm == Algorithm.GRIFFINLIM ? 0 : parameters.momentum(),
                algorithm == Algorithm.AGLA ? AcceleratedGriffinLim.OVER_RELAXATION : 1);
    }
}
