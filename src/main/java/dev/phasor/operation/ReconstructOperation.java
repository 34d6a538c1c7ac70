package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import dev.phasor.operation.Inputs.Kind;
import dev.phasor.phase.Phase;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.GivenPhase;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Reconstruction;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.reconstruction.ReconstructionReport;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sound from audio, from a complex spectrogram (with the magnitude of another where one is given), or from a magnitude.
 * Where a phase came in it is used, {@code algorithm=istft}; naming another algorithm discards it.
 */
final class ReconstructOperation implements Operation {

    private static final Set<String> MOVED_BY_MOMENTUM =
            Set.of(Parameters.wire(Algorithm.FAST_GRIFFINLIM), Parameters.wire(Algorithm.AGLA));

    /** They neither start from a whole phase nor go on until it settles. */
    private static final Set<String> FRAME_BY_FRAME = Set.of(
            Parameters.wire(Algorithm.RTISI_LA),
            Parameters.wire(Algorithm.GSRTISI_LA),
            Parameters.wire(Algorithm.LIVE));

    private final Transform transform;
    private final KnownPhase knownPhase;
    private final ReconstructMelOperation mel;

    ReconstructOperation(Transform transform, Phase phase) {
        this.transform = transform;
        this.knownPhase = new KnownPhase(transform, phase);
        this.mel = new ReconstructMelOperation(transform);
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
        refuseBesideMel(call.inputs());
        if (call.inputs().main(call.parameters(), Kind.MAGNITUDE) == Kind.MEL) {
            return mel.run(call, report);
        }
        ReconstructMelOperation.refuse(call);
        boolean hasPhase = call.inputs().main(call.parameters(), Kind.MAGNITUDE) != Kind.MAGNITUDE;
        String fallback = hasPhase ? KnownPhase.ISTFT : Parameters.wire(Algorithm.AUTO);
        String algorithm = call.parameters().get(Parameter.ALGORITHM, fallback);
        if (hasPhase && !call.inputs().has(Input.MAGNITUDE)) {
            call.parameters().refuseWithout("the input magnitude", Parameter.POWER);
        }
        refuseUnusedPhase(call, algorithm);
        refuseUnused(call.parameters(), algorithm);
        if (!algorithm.equals(KnownPhase.ISTFT)) {
            return retrieve(call, given(call, report), Algorithm.parse(algorithm), report);
        }
        if (!hasPhase) {
            throw badParameter("algorithm", "one that finds a phase where a magnitude comes alone", algorithm);
        }
        return knownPhase.run(call, report);
    }

    private static void refuseBesideMel(Inputs inputs) {
        for (Input other : List.of(Input.FILE, Input.AUDIO, Input.SPECTROGRAM, Input.MAGNITUDE)) {
            if (inputs.has(Input.MEL) && inputs.has(other)) {
                throw badParameter(
                        "the input " + Input.MEL.wireName(),
                        "left out beside the input " + other.wireName() + ": the sound is made of one of them",
                        "both");
            }
        }
    }

    /** Refuses what the algorithm does not read. */
    static void refuseUnused(Parameters parameters, String algorithm) {
        boolean known = algorithm.equals(KnownPhase.ISTFT);
        boolean iterative = !known && Algorithm.parse(algorithm).iterative();
        boolean refines = iterative && !FRAME_BY_FRAME.contains(algorithm);
        Map<Parameter<?>, Boolean> used = new LinkedHashMap<>();
        used.put(Parameter.N_ITER, iterative);
        used.put(Parameter.LOOKAHEAD, algorithm.equals(Parameters.wire(Algorithm.LIVE)));
        used.put(Parameter.TOLERANCE, refines);
        used.put(Parameter.MOMENTUM, MOVED_BY_MOMENTUM.contains(algorithm));
        used.put(Parameter.INIT, refines);
        used.put(Parameter.ON_TIMEOUT, refines);
        used.put(Parameter.SEED, !known);
        used.put(Parameter.FLOOR, known);
        used.put(Parameter.FLOOR_MODE, known);
        used.forEach((parameter, isUsed) -> {
            if (!isUsed && parameters.has(parameter)) {
                throw badParameter(
                        parameter.wireName(), "left out with algorithm=" + algorithm + ", which does not use it", "it");
            }
        });
    }

    /** n_iter; for {@code algorithm=live} it has a default of its own, since each hop runs as many. */
    static int iterations(Parameters parameters) {
        boolean live = parameters.get(Parameter.ALGORITHM).equals(Parameters.wire(Algorithm.LIVE));
        return live
                ? parameters.get(Parameter.N_ITER, ReconstructionParameters.LIVE_ITERATIONS)
                : parameters.get(Parameter.N_ITER);
    }

    private static void refuseUnusedPhase(Call call, String algorithm) {
        boolean started = call.parameters().get(Parameter.INIT) == Initialization.GIVEN;
        for (Input input : List.of(Input.PHASE, Input.MASK)) {
            if (call.inputs().has(input) && !started) {
                throw badParameter(
                        "init",
                        "given (init=given) to start from the input " + input.wireName(),
                        Parameters.wire(call.parameters().get(Parameter.INIT)));
            }
            if (call.inputs().has(input) && algorithm.equals(KnownPhase.ISTFT)) {
                throw badParameter("algorithm", "one that starts from the input " + input.wireName(), algorithm);
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
            case MEL -> throw new IllegalStateException("mels have their own operation");
            case MAGNITUDE -> {
                MagnitudeSpectrogram alone = requireNonNull(magnitude);
                Plausibility.magnitude(alone, parameters.has(Parameter.N_FFT), report);
                Stft stft = transform.ofSpectrogram(parameters, alone.shape(), report);
                Plausibility.peaks(alone, stft.parameters(), report);
                yield new Given(stft, null, alone, length, Transform.rate(parameters));
            }
        };
    }

    private Answer retrieve(Call call, Given given, Algorithm algorithm, Report report) {
        MagnitudeSpectrogram magnitude = magnitude(given);
        Reconstruction result = PhaseReconstructor.of(algorithm, transform.kernels())
                .reconstruct(magnitude, parameters(call, given), call.progress());
        ReconstructionReport outcome = result.report();
        report.fade(given.stft()
                .checkInvertible(magnitude.shape().frames(), result.audio().length()));
        Shape leading = magnitude.shape().leading();
        report.put("algorithm", Parameters.wire(outcome.algorithm()))
                .put("iterations", outcome.iterations())
                .put("converged", outcome.converged())
                .put("seed", outcome.seed())
                .put("spectral_convergence_db", KnownPhase.perItem(outcome.spectralConvergenceDb(), leading))
                .put("inconsistency_db", KnownPhase.perItem(outcome.inconsistencyDb(), leading))
                .put("singular_bins", zeros(magnitude))
                .device(outcome.device(), outcome.onHost());
        if (outcome.cancelled()) {
            report.put("cancelled", true);
        }
        outcome.warnings().forEach(report::warn);
        Plausibility.convergence(outcome.iterations(), outcome.spectralConvergenceDb(), report);
        Finite.result("the audio", result.audio());
        return Answer.of(result.audio(), report);
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
                .withIterations(iterations(parameters))
                .withLookahead(parameters.get(Parameter.LOOKAHEAD))
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
}
