package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.List;

/** Runs an algorithm on each item separately, and measures the result. */
final class ItemwiseReconstructor implements PhaseReconstructor {

    private final Algorithm algorithm;
    private final Kernels kernels;

    ItemwiseReconstructor(Algorithm algorithm, Kernels kernels) {
        this.algorithm = algorithm;
        this.kernels = kernels;
    }

    @Override
    public Reconstruction reconstruct(
            MagnitudeSpectrogram magnitude, ReconstructionParameters parameters, Progress progress) {
        SpectrogramShape shape = magnitude.shape();
        check(shape, parameters);
        Stft stft = kernels.stft(parameters.stft());
        Integer asked = parameters.length();
        int length = asked == null ? parameters.stft().defaultLength(shape.frames()) : asked;
        stft.checkInvertible(shape.frames(), length);
        // Samples that no frame determines are 0, and the iterations leave them out.
        int determined = parameters.stft().determined(shape.frames(), length);
        Plan plan = Plan.of(algorithm, parameters);
        progress.begins(shape.items(), algorithm.iterative() ? parameters.iterations() : 0);
        ItemOutcome[] all = new ItemOutcome[shape.items()];
        Ranges.each(all.length, item -> {
            Problem problem = new Problem(kernels, stft, magnitude.values(item), item, determined, parameters);
            all[item] = plan.run(problem, progress).lengthenedTo(length);
        });
        List<ItemOutcome> outcomes = List.of(all);
        float[][] samples = outcomes.stream().map(ItemOutcome::samples).toArray(float[][]::new);
        return new Reconstruction(
                new AudioSignal(shape.leading(), samples, parameters.sampleRate()),
                report(plan.algorithm(), parameters, outcomes));
    }

    private static void check(SpectrogramShape shape, ReconstructionParameters parameters) {
        StftParameters stft = parameters.stft();
        if (shape.bins() != stft.bins()) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "magnitude must have " + stft.bins() + " bins for n_fft " + stft.fftSize() + ", got "
                            + shape.bins());
        }
        GivenPhase given = parameters.given();
        if (given != null) {
            given.checkShape(shape);
        }
    }

    private static ReconstructionReport report(
            Algorithm ran, ReconstructionParameters parameters, List<ItemOutcome> outcomes) {
        return new ReconstructionReport(
                ran,
                outcomes.stream().mapToInt(ItemOutcome::iterations).max().orElse(0),
                outcomes.stream().allMatch(ItemOutcome::converged),
                outcomes.stream().anyMatch(ItemOutcome::cancelled),
                parameters.seed(),
                outcomes.stream().map(ItemOutcome::spectralConvergenceDb).toList(),
                outcomes.stream().map(ItemOutcome::inconsistencyDb).toList(),
                warnings(parameters.stft()));
    }

    private static List<String> warnings(StftParameters stft) {
        List<String> warnings = new ArrayList<>();
        double redundancy = (double) stft.windowLength() / stft.hopLength();
        if (redundancy < 4) {
            warnings.add("low_redundancy: win_length/hop_length is " + redundancy
                    + ": below 4 magnitudes hardly determine a phase");
        }
        return warnings;
    }
}
