package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.NpyArray;
import dev.phasor.gradient.LossGradient;
import dev.phasor.gradient.Objective;
import dev.phasor.operation.Inputs.Kind;
import dev.phasor.phase.Phase;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.BoundedGradient;
import dev.phasor.reconstruction.DifferentiableReconstructor;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.reconstruction.MagnitudeGradient;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.reconstruction.Through;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@link ReconstructVjpOperation} of magnitudes alone, through the iterations that find a phase for them. */
final class IteratedVjpOperation {

    static final List<String> ALGORITHMS = Stream.of(Algorithm.GRIFFINLIM, Algorithm.FAST_GRIFFINLIM, Algorithm.AGLA)
            .map(Algorithm::wireName)
            .toList();

    private final Transform transform;
    private final Phase phase;

    IteratedVjpOperation(Transform transform, Phase phase) {
        this.transform = transform;
        this.phase = phase;
    }

    /** What makes the objective of a request, with the transform of its magnitudes. */
    interface Objectives {
        Objective of(Stft stft);
    }

    static boolean isAsked(Parameters parameters) {
        return parameters.isSent(Parameter.ITERATED_ALGORITHM);
    }

    /** @throws InvalidInputException {@code BAD_PARAMETER} for what only iterations use */
    static void refuseUnused(Parameters parameters) {
        for (Parameter<?> parameter :
                List.of(Parameter.N_ITER, Parameter.MOMENTUM, Parameter.INIT, Parameter.SEED, Parameter.THROUGH)) {
            if (parameters.has(parameter)) {
                throw badParameter(
                        parameter.wireName(), "left out without algorithm=griffinlim, fast_griffinlim or agla", "it");
            }
        }
    }

    Answer run(Call call, Report report, Objectives objectives) {
        Parameters parameters = call.parameters();
        MagnitudeSpectrogram magnitude = magnitude(call);
        Stft stft = transform.ofSpectrogram(parameters, magnitude.shape(), report);
        Plausibility.amplitudes(magnitude, stft.parameters(), report);
        Algorithm algorithm =
                Algorithm.parse(parameters.find(Parameter.ITERATED_ALGORITHM).orElseThrow());
        DifferentiableReconstructor reconstructor = new DifferentiableReconstructor(
                algorithm, transform.kernels(), stft, settings(parameters, algorithm, stft));
        Objective objective = objectives.of(stft);
        AudioSignal wanted = objective.waveform();
        if (!wanted.leading().equals(magnitude.shape().leading())) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "target and cotangent must have the magnitude's leading axes "
                            + magnitude.shape().leading() + ", got " + wanted.leading());
        }
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        AudioSignal audio = reconstructor.forward(magnitude, wanted.length(), wanted.sampleRate(), call.progress());
        arrays.put("audio", NpyArray.of(audio));
        AudioSignal cotangent = wanted;
        long saturated = 0;
        if (objective instanceof Objective.Target target) {
            LossGradient loss = target.loss().evaluate(audio, wanted);
            Finite.result("the loss", List.of(loss.value()));
            arrays.put("loss", NpyArray.real(Shape.SCALAR, new float[] {(float) Math.min(loss.value(), Float.MAX_VALUE)
            }));
            report.put("loss", loss.value());
            cotangent = loss.gradient();
            saturated = loss.saturated();
        }
        Through through = parameters.get(Parameter.THROUGH);
        MagnitudeGradient found = reconstructor.vjp(
                magnitude,
                cotangent,
                through,
                new BoundedGradient(
                        phase, parameters.get(Parameter.GRADIENT_POLICY), PhaseVjpOperation.floor(parameters)));
        arrays.put("magnitude_gradient", NpyArray.of(found.gradient()));
        report.put("algorithm", Parameters.wire(algorithm))
                .put("iterations", parameters.get(Parameter.N_ITER))
                .put("through", Parameters.wire(through));
        if (through == Through.IMPLICIT) {
            report.put("residual", found.residual());
        }
        Finite.result("the audio", audio);
        report.audio(audio.sampleRate(), audio.length())
                .peak(audio.peak())
                .put("singular_bins", found.singularBins())
                .put("saturated", saturated + found.saturated())
                .computedBy(phase.kernel());
        return new Answer(arrays, audio, report.finish());
    }

    private static MagnitudeSpectrogram magnitude(Call call) {
        Kind kind = call.inputs().main(call.parameters(), Kind.MAGNITUDE);
        if (kind != Kind.MAGNITUDE) {
            throw badParameter(
                    "algorithm",
                    "left out where the input " + Parameters.wire(kind) + " has a phase",
                    call.parameters().find(Parameter.ITERATED_ALGORITHM).orElse("it"));
        }
        if (call.parameters().get(Parameter.POWER) != 1) {
            throw badParameter("power", "1 through iterations: a root has no gradient at 0", 2);
        }
        return call.inputs().magnitude(call.parameters());
    }

    private static ReconstructionParameters settings(Parameters parameters, Algorithm algorithm, Stft stft) {
        if (algorithm == Algorithm.GRIFFINLIM && parameters.has(Parameter.MOMENTUM)) {
            throw badParameter("momentum", "left out with algorithm=griffinlim, which does not use it", "it");
        }
        if (parameters.get(Parameter.INIT) == Initialization.GIVEN) {
            throw badParameter("init", "another than given where a gradient is asked for", "given");
        }
        return ReconstructionParameters.of(stft.parameters())
                .withIterations(parameters.get(Parameter.N_ITER))
                .withMomentum(parameters.get(Parameter.MOMENTUM))
                .withInit(parameters.get(Parameter.INIT))
                .withSeed(parameters.get(Parameter.SEED));
    }
}
