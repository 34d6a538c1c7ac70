package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import dev.phasor.operation.Inputs.Kind;
import dev.phasor.phase.Floor;
import dev.phasor.phase.Phase;
import dev.phasor.reconstruction.Accuracy;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.GivenPhase;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.reconstruction.IterationKernel;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Reconstruction;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.reconstruction.ReconstructionReport;
import dev.phasor.reconstruction.SpectrogramInverse;
import dev.phasor.reconstruction.StreamedInverse;
import dev.phasor.reconstruction.StreamedInverse.Outcome;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Shape;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.Stft;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sound from audio, from a complex spectrogram (with the magnitude of another where one is given), or from a magnitude.
 * Where a phase came in it is used, {@code algorithm=istft}; naming another algorithm discards it.
 */
final class ReconstructOperation implements Operation {

    /** The name of the way that keeps the phase that came in. */
    static final String ISTFT = "istft";

    private final Transform transform;
    private final Phase phase;

    ReconstructOperation(Transform transform, Phase phase) {
        this.transform = transform;
        this.phase = phase;
    }

    /** The spectrogram and magnitude that came in, and what the audio is to be like. */
    private record Given(
            Stft stft,
            @Nullable ComplexSpectrogram spectrogram,
            @Nullable MagnitudeSpectrogram magnitude,
            @Nullable Integer length,
            int sampleRate) {}

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        if (isResynthesis(call)) {
            return resynthesize(call, report);
        }
        Given given = given(call, report);
        String fallback = given.spectrogram() == null ? Parameters.wire(Algorithm.AUTO) : ISTFT;
        String algorithm = call.parameters().get(Parameter.ALGORITHM, fallback);
        refuseUnusedPhase(call, algorithm);
        if (!algorithm.equals(ISTFT)) {
            return retrieve(call, given, Algorithm.parse(algorithm), report);
        }
        if (given.spectrogram() == null) {
            throw badParameter("algorithm", "one that finds a phase where a magnitude comes alone", ISTFT);
        }
        return invert(call, given, given.spectrogram(), report);
    }

    /** Whether audio comes back from its own spectrogram. */
    static boolean isResynthesis(Call call) {
        Parameters parameters = call.parameters();
        return call.inputs().main(parameters, Kind.MAGNITUDE) == Kind.AUDIO
                && parameters.get(Parameter.ALGORITHM, ISTFT).equals(ISTFT)
                && !call.inputs().has(Input.MAGNITUDE)
                && !call.inputs().has(Input.PHASE)
                && !call.inputs().has(Input.MASK);
    }

    /** Without holding the spectrogram, as {@link StreamedReconstruction} does, to the same bits. */
    private Answer resynthesize(Call call, Report report) {
        AudioSignal audio = call.inputs().audio(call.parameters());
        Stft stft = transform.ofAudio(call.parameters(), report);
        Floor floor = PhaseVjpOperation.floor(call.parameters());
        IterationKernel kernel = transform.kernels().iteration();
        int length = call.parameters().get(Parameter.LENGTH, audio.length());
        stft.checkInvertible(stft.parameters().frames(audio.length()), length);
        float[][] samples = new float[audio.items()][length];
        Outcome[] outcomes = new Outcome[audio.items()];
        Ranges.each(
                audio.items(),
                item -> outcomes[item] = StreamedInverse.of(stft, kernel, floor, audio.samples(item), samples[item]));
        AudioSignal result = new AudioSignal(audio.leading(), samples, audio.sampleRate());
        Finite.result("the audio", result);
        put(report, List.of(outcomes), audio.leading());
        return Answer.of(result, report.finish());
    }

    /** What is said of audio that came back from its own spectrogram. */
    static void put(Report report, List<Outcome> outcomes, Shape leading) {
        put(
                report,
                outcomes.stream().map(Outcome::accuracy).toList(),
                outcomes.stream().mapToLong(Outcome::singularBins).sum(),
                leading);
    }

    private static void put(Report report, List<Accuracy> accuracies, long singularBins, Shape leading) {
        report.put("algorithm", ISTFT)
                .put("iterations", 0)
                .put("converged", true)
                .put("seed", 0)
                .put("spectral_convergence_db", perItem(accuracies, Accuracy::spectralConvergenceDb, leading))
                .put("inconsistency_db", perItem(accuracies, Accuracy::inconsistencyDb, leading))
                .put("singular_bins", singularBins);
    }

    private static Object perItem(List<Accuracy> accuracies, ToDoubleFunction<Accuracy> figure, Shape leading) {
        return perItem(accuracies.stream().mapToDouble(figure).boxed().toList(), leading);
    }

    private static void refuseUnusedPhase(Call call, String algorithm) {
        boolean started = call.parameters().get(Parameter.INIT) == Initialization.GIVEN;
        for (Input input : List.of(Input.PHASE, Input.MASK)) {
            if (call.inputs().has(input) && !started) {
                throw badParameter("init", "given where the input " + input.wireName() + " is", "another");
            }
            if (call.inputs().has(input) && algorithm.equals(ISTFT)) {
                throw badParameter("algorithm", "one that starts from the input " + input.wireName(), ISTFT);
            }
        }
    }

    private Given given(Call call, Report report) {
        Parameters parameters = call.parameters();
        Inputs inputs = call.inputs();
        Kind kind = inputs.main(parameters, Kind.MAGNITUDE);
        Integer length = parameters.find(Parameter.LENGTH).orElse(null);
        MagnitudeSpectrogram magnitude =
                kind == Kind.MAGNITUDE || inputs.has(Input.MAGNITUDE) ? inputs.magnitude(parameters) : null;
        return switch (kind) {
            case AUDIO -> {
                AudioSignal audio = inputs.audio(parameters);
                Stft stft = transform.ofAudio(parameters, report);
                ComplexSpectrogram z = Transform.forward(stft, audio);
                yield new Given(
                        stft, z, magnitude, length == null ? (Integer) audio.length() : length, audio.sampleRate());
            }
            case SPECTROGRAM -> {
                ComplexSpectrogram z = inputs.spectrogram(parameters);
                Stft stft = transform.ofSpectrogram(parameters, z.shape(), report);
                yield new Given(stft, z, magnitude, length, Transform.rate(parameters));
            }
            case MAGNITUDE -> {
                MagnitudeSpectrogram alone = requireNonNull(magnitude);
                Stft stft = transform.ofSpectrogram(parameters, alone.shape(), report);
                yield new Given(stft, null, alone, length, Transform.rate(parameters));
            }
        };
    }

    private Answer invert(Call call, Given given, ComplexSpectrogram z, Report report) {
        int length = given.length() == null
                ? given.stft().parameters().defaultLength(z.shape().frames())
                : given.length();
        MagnitudeSpectrogram magnitude = given.magnitude();
        ComplexSpectrogram y = magnitude == null ? z : phase.project(z, magnitude);
        Stft stft = given.stft();
        FrameLoop tiles = stft.frameLoop(y.shape().frames(), length);
        float[][] samples = new float[y.items()][length];
        Accuracy[] accuracies = new Accuracy[y.items()];
        Ranges.each(
                y.items(),
                item -> accuracies[item] = SpectrogramInverse.of(
                        stft,
                        transform.kernels().iteration(),
                        tiles,
                        y.re(item),
                        y.im(item),
                        magnitude == null ? null : magnitude.values(item),
                        samples[item]));
        AudioSignal audio = new AudioSignal(y.shape().leading(), samples, given.sampleRate());
        Finite.result("the audio", audio);
        if (magnitude != null) {
            report.computedBy(phase.kernel());
        }
        long singularBins = phase.singularBins(z, PhaseVjpOperation.floor(call.parameters()));
        put(report, List.of(accuracies), singularBins, audio.leading());
        return Answer.of(audio, report.finish());
    }

    private Answer retrieve(Call call, Given given, Algorithm algorithm, Report report) {
        MagnitudeSpectrogram magnitude = magnitude(given);
        Reconstruction result = PhaseReconstructor.of(algorithm, transform.kernels())
                .reconstruct(magnitude, parameters(call, given), call.progress());
        ReconstructionReport outcome = result.report();
        Shape leading = magnitude.shape().leading();
        report.put("algorithm", Parameters.wire(outcome.algorithm()))
                .put("iterations", outcome.iterations())
                .put("converged", outcome.converged())
                .put("seed", outcome.seed())
                .put("spectral_convergence_db", perItem(outcome.spectralConvergenceDb(), leading))
                .put("inconsistency_db", perItem(outcome.inconsistencyDb(), leading))
                .put("singular_bins", zeros(magnitude));
        outcome.warnings().forEach(report::warn);
        Finite.result("the audio", result.audio());
        return Answer.of(result.audio(), report.finish());
    }

    /** Bins that hold nothing, whose phase means nothing. */
    private static long zeros(MagnitudeSpectrogram magnitude) {
        long[] count = new long[1];
        for (int item = 0; item < magnitude.items(); item++) {
            float[] values = magnitude.values(item);
            Ranges.inOrder(values.length, (from, to) -> {
                int zeros = 0;
                for (int i = from; i < to; i++) {
                    zeros += values[i] == 0 ? 1 : 0;
                }
                count[0] += zeros;
            });
        }
        return count[0];
    }

    private static MagnitudeSpectrogram magnitude(Given given) {
        MagnitudeSpectrogram magnitude = given.magnitude();
        return magnitude != null
                ? magnitude
                : requireNonNull(given.spectrogram()).magnitude();
    }

    private ReconstructionParameters parameters(Call call, Given given) {
        Parameters parameters = call.parameters();
        Initialization init = parameters.get(Parameter.INIT);
        ReconstructionParameters all = ReconstructionParameters.of(given.stft().parameters())
                .withIterations(parameters.get(Parameter.N_ITER))
                .withMomentum(parameters.get(Parameter.MOMENTUM))
                .withTolerance(parameters.get(Parameter.TOLERANCE))
                .withSeed(parameters.get(Parameter.SEED))
                .withLength(given.length())
                .withSampleRate(given.sampleRate());
        if (init != Initialization.GIVEN) {
            return all.withInit(init);
        }
        GivenPhase start = startingPhase(call, given);
        return all.startingFrom(
                call.inputs().has(Input.MASK) ? start.knownWhere(call.inputs().real(Input.MASK)) : start);
    }

    private static GivenPhase startingPhase(Call call, Given given) {
        if (call.inputs().has(Input.PHASE)) {
            return GivenPhase.of(call.inputs().real(Input.PHASE));
        }
        ComplexSpectrogram spectrogram = given.spectrogram();
        if (spectrogram == null) {
            throw badParameter("the input phase or spectrogram", "given with init=given", "none");
        }
        return GivenPhase.of(spectrogram);
    }

    /** One figure for a value without leading axes, else one an item. */
    static Object perItem(List<Double> figures, Shape leading) {
        return leading.rank() == 0 ? figures.get(0) : figures;
    }
}
