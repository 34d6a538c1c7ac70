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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs an algorithm on each item separately, on the host, and measures the result. */
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
        Plan plan = Plan.of(algorithm, parameters);
        List<Problem> problems = problems(magnitude, parameters);
        begin(plan, problems, progress);
        ItemOutcome[] all = new ItemOutcome[problems.size()];
        Ranges.each(all.length, item -> all[item] = plan.run(problems.get(item), progress));
        return delivered(plan, List.of(all), magnitude, parameters, null, null);
    }

    /** Tells how much there is to do. */
    void begin(Plan plan, List<Problem> problems, Progress progress) {
        progress.begins(problems.size(), problems.isEmpty() ? Workload.even(0) : plan.workload(problems.get(0)));
    }

    Algorithm algorithm() {
        return algorithm;
    }

    /** The problem of each item, whose samples end where no frame determines them. */
    List<Problem> problems(MagnitudeSpectrogram magnitude, ReconstructionParameters parameters) {
        SpectrogramShape shape = magnitude.shape();
        check(shape, parameters);
        Stft stft = kernels.stft(parameters.stft());
        int length = length(magnitude, parameters);
        stft.checkInvertible(shape.frames(), length);
        int determined = parameters.stft().determined(shape.frames(), length);
        return IntStream.range(0, shape.items())
                .mapToObj(item -> new Problem(kernels, stft, magnitude.values(item), item, determined, parameters))
                .toList();
    }

    private static int length(MagnitudeSpectrogram magnitude, ReconstructionParameters parameters) {
        Integer asked = parameters.length();
        return asked == null ? parameters.stft().defaultLength(magnitude.shape().frames()) : asked;
    }

    /**
     * The audio of all items, filled up with zeros, and the report.
     *
     * @param device what computed beside the host; null for the host alone
     * @param onHost why the host computed although there is a device; null if there is none or it computed
     */
    Reconstruction delivered(
            Plan plan,
            List<ItemOutcome> found,
            MagnitudeSpectrogram magnitude,
            ReconstructionParameters parameters,
            @Nullable String device,
            @Nullable String onHost) {
        int length = length(magnitude, parameters);
        List<ItemOutcome> outcomes =
                found.stream().map(outcome -> outcome.lengthenedTo(length)).toList();
        float[][] samples = outcomes.stream().map(ItemOutcome::samples).toArray(float[][]::new);
        return new Reconstruction(
                new AudioSignal(magnitude.shape().leading(), samples, parameters.sampleRate()),
                report(plan.algorithm(), parameters, outcomes, device, onHost));
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
            Algorithm ran,
            ReconstructionParameters parameters,
            List<ItemOutcome> outcomes,
            @Nullable String device,
            @Nullable String onHost) {
        return new ReconstructionReport(
                ran,
                outcomes.stream().mapToInt(ItemOutcome::iterations).max().orElse(0),
                outcomes.stream().allMatch(ItemOutcome::converged),
                outcomes.stream().anyMatch(ItemOutcome::cancelled),
                parameters.seed(),
                outcomes.stream().map(ItemOutcome::spectralConvergenceDb).toList(),
                outcomes.stream().map(ItemOutcome::inconsistencyDb).toList(),
                warnings(parameters.stft()),
                device,
                onHost);
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
