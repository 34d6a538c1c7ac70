package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.NpyArray;
import dev.phasor.phase.Phase;
import dev.phasor.reconstruction.BoundedGradient;
import dev.phasor.reconstruction.Evaluation;
import dev.phasor.reconstruction.MixingShares;
import dev.phasor.reconstruction.Separation;
import dev.phasor.reconstruction.SeparationGradient;
import dev.phasor.reconstruction.SeparationParameters;
import dev.phasor.reconstruction.Separator;
import dev.phasor.reconstruction.SourceEstimates;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sources of a mixture from estimates of them, and the gradient of a loss of these sources. */
final class SeparateOperation {

    /** The algorithm that iterates: {@link Separator}. */
    static final String MISI = "misi";

    /** The algorithm that shares the mixing error once. */
    static final String MIXTURE_CONSISTENT = "mixture_consistent";

    static final List<String> ALGORITHMS = List.of(MISI, MIXTURE_CONSISTENT);

    /** The inputs that tell of the sources. */
    static final List<Input> ESTIMATES = List.of(Input.MAGNITUDE, Input.MASK, Input.ESTIMATE);

    private final Transform transform;
    private final Phase phase;

    SeparateOperation(Transform transform, Phase phase) {
        this.transform = transform;
        this.phase = phase;
    }

    /** The request, read. */
    private record Given(
            Report report, AudioSignal mixture, SourceEstimates estimates, Stft stft, Separator separator) {}

    private Given given(Call call) {
        Report report = new Report();
        Parameters parameters = call.parameters();
        Inputs inputs = call.inputs();
        String algorithm = parameters.get(Parameter.SOURCES_ALGORITHM);
        SeparationParameters settings = settings(parameters, algorithm);
        AudioSignal mixture = inputs.audio(parameters);
        SourceEstimates estimates = estimates(call);
        Stft stft = transform.ofSpectrogram(parameters, estimates.shape(), report);
        report.put("algorithm", algorithm);
        return new Given(report, mixture, estimates, stft, new Separator(stft, transform.kernels(), settings));
    }

    private static SeparationParameters settings(Parameters parameters, String algorithm) {
        boolean iterates = algorithm.equals(MISI);
        for (Parameter<?> parameter : List.of(Parameter.SOURCES_ITERATIONS, Parameter.SOURCES_MOMENTUM)) {
            if (!iterates && parameters.has(parameter)) {
                throw badParameter(
                        parameter.wireName(), "left out with algorithm=" + algorithm + ", which does not use it", "it");
            }
        }
        return new SeparationParameters(
                iterations(parameters),
                parameters.get(Parameter.SOURCES_MOMENTUM),
                parameters.get(Parameter.WEIGHTS),
                parameters.get(Parameter.RESIDUAL));
    }

    static int iterations(Parameters parameters) {
        return parameters.get(Parameter.SOURCES_ALGORITHM).equals(MISI)
                ? parameters.get(Parameter.SOURCES_ITERATIONS)
                : 0;
    }

    /** Which of {@link #ESTIMATES} came; null where not one did. */
    static @Nullable Input place(Inputs inputs) {
        List<Input> came = ESTIMATES.stream().filter(inputs::has).toList();
        return came.size() == 1 ? came.get(0) : null;
    }

    /**
     * Looks at the axes before anything is told by them.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH} where there is no axis of the sources, or another than the
     *     frames' is the last
     */
    static void checkAxes(Shape estimates, Shape mixture) {
        if (estimates.rank() < mixture.rank() + 2) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "the sources' estimates must be [sources, ..., bins, frames] of a mixture " + mixture + ", got "
                            + estimates + "; for one source put an axis of 1 before the others");
        }
        Plausibility.frames(estimates);
    }

    private static SourceEstimates estimates(Call call) {
        Inputs inputs = call.inputs();
        Parameters parameters = call.parameters();
        Input place = place(inputs);
        if (place == null) {
            boolean none = ESTIMATES.stream().noneMatch(inputs::has);
            throw badParameter(
                    "the input magnitude, mask or estimate",
                    "given, one of them, [sources, ..., bins, frames]",
                    none ? "none" : "more than one");
        }
        if (place != Input.MAGNITUDE) {
            parameters.refuseWithout("the input magnitude", Parameter.POWER);
        }
        SourceEstimates estimates = switch (place) {
            case MAGNITUDE -> SourceEstimates.ofMagnitudes(inputs.magnitude(parameters));
            case MASK -> SourceEstimates.ofMasks(nonNegative(inputs.real(Input.MASK)));
            default -> SourceEstimates.of(inputs.complex(Input.ESTIMATE, parameters));
        };
        Shape leading = estimates.shape().leading();
        if (leading.rank() > 0 && leading.size(0) == 0) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    place.wireName() + " must be of one source at least, [sources, ..., bins, frames], got "
                            + estimates.shape());
        }
        return estimates;
    }

    private static RealSpectrogram nonNegative(RealSpectrogram mask) {
        for (int item = 0; item < mask.items(); item++) {
            for (float value : mask.values(item)) {
                if (value < 0) {
                    throw new InvalidInputException(
                            Code.NEGATIVE_MAGNITUDE,
                            "mask must not be negative, it is the part of the mixture's magnitude, got " + value);
                }
            }
        }
        return mask;
    }

    Answer separate(Call call) {
        Given given = given(call);
        Report report = given.report;
        Separation found = given.separator.separate(given.mixture, given.estimates, call.progress());
        Shape leading = found.audio().leading();
        describe(report, call, leading.size(0), found.shares());
        report.put("iterations", found.iterations())
                .put("mixing_error_db", KnownPhase.perItem(found.mixingErrorDb(), given.mixture.leading()))
                .put("spectral_convergence_db", found.spectralConvergenceDb())
                .put("inconsistency_db", found.inconsistencyDb());
        if (found.cancelled()) {
            report.put("cancelled", true);
        }
        if (call.inputs().has(Input.REFERENCE)) {
            report.put("si_sdr_db", siSdr(call, given, found.audio()));
        }
        Finite.result("the audio", found.audio());
        Finite.result("the spectrogram of a source", found.spectralConvergenceDb());
        Finite.result("the spectrogram of a source", found.inconsistencyDb());
        return Answer.of(found.audio(), report);
    }

    private static void describe(Report report, Call call, int sources, MixingShares shares) {
        report.put("sources", sources)
                .put("weights", Parameters.wire(shares))
                .put("residual", call.parameters().get(Parameter.RESIDUAL));
    }

    /** Of each source that was estimated; a residual has no reference. */
    private List<Double> siSdr(Call call, Given given, AudioSignal audio) {
        AudioSignal reference = call.inputs().audio(Input.REFERENCE, call.parameters());
        float[][] estimated = new float[reference.items()][];
        for (int i = 0; i < estimated.length && i < audio.items(); i++) {
            estimated[i] = audio.samples(i);
        }
        Shape expected = given.estimates.shape().leading().plus(audio.length());
        if (!reference.shape().equals(expected)) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "reference must have the shape " + expected + " of the sources, got " + reference.shape());
        }
        return Evaluation.scaleInvariantSdrDb(
                new AudioSignal(reference.leading(), estimated, audio.sampleRate()), reference);
    }

    Answer vjp(Call call) {
        Given given = given(call);
        Parameters parameters = call.parameters();
        BoundedGradient rule = new BoundedGradient(
                phase, parameters.get(Parameter.GRADIENT_POLICY), PhaseVjpOperation.floor(parameters));
        AudioSignal cotangent = call.inputs().audio(Input.COTANGENT, parameters);
        SeparationGradient found = given.separator.vjp(given.mixture, given.estimates, cotangent, rule);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("audio", NpyArray.of(found.audio()));
        RealSpectrogram real = found.real();
        ComplexSpectrogram complex = found.complex();
        long[] counts = {found.singularBins(), found.saturated()};
        RealSpectrogram magnitude = given.estimates.magnitude();
        if (real != null && magnitude != null && parameters.get(Parameter.POWER) != 1) {
            rule.pullBackRoots(magnitude, real, counts);
        }
        arrays.put(
                "gradient",
                real != null
                        ? NpyArray.of(real)
                        : NpyArray.of(Objects.requireNonNull(complex), Inputs.layout(parameters)));
        Finite.result("the audio", found.audio());
        arrays.values().forEach(array -> Finite.result("the gradient", array));
        describe(given.report, call, found.audio().leading().size(0), found.shares());
        given.report
                .put("iterations", iterations(parameters))
                .audio(found.audio().sampleRate(), found.audio().length())
                .peak(found.audio().peak())
                .put("singular_bins", counts[0])
                .put("saturated", counts[1])
                .computedBy(phase.kernel());
        return new Answer(arrays, found.audio(), given.report.finish());
    }
}
