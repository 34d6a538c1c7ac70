package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import dev.phasor.codec.NpyArray;
import dev.phasor.gradient.LossGradient;
import dev.phasor.gradient.Objective;
import dev.phasor.operation.Inputs.Kind;
import dev.phasor.phase.Phase;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.BoundedGradient;
import dev.phasor.reconstruction.DifferentiableReconstructor;
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
import org.jspecify.annotations.Nullable;

/** {@link ReconstructVjpOperation} of magnitudes or a mel alone, through the iterations that find a phase. */
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
        for (Parameter<?> parameter : List.of(
                Parameter.N_ITER, Parameter.MOMENTUM, Parameter.ITERATED_INIT, Parameter.SEED, Parameter.THROUGH)) {
            if (parameters.has(parameter)) {
                throw badParameter(
                        parameter.wireName(), "left out without algorithm=griffinlim, fast_griffinlim or agla", "it");
            }
        }
    }

    /** @param kind what the request is about */
    Answer run(Call call, Kind kind, Report report, Objectives objectives) {
        Parameters parameters = call.parameters();
        @Nullable MagnitudeSpectrogram given = kind == Kind.MEL ? null : magnitude(call, kind);
        Stft stft = given == null
                ? transform.ofAudio(parameters, report)
                : transform.ofSpectrogram(parameters, given.shape(), report);
        Algorithm algorithm =
                Algorithm.parse(parameters.find(Parameter.ITERATED_ALGORITHM).orElseThrow());
        DifferentiableReconstructor reconstructor = new DifferentiableReconstructor(
                algorithm, transform.kernels(), stft, settings(parameters, algorithm, stft));
        Objective objective = objectives.of(stft);
        AudioSignal wanted = objective.waveform();
        @Nullable
        DifferentiableMel mel = given == null
                ? new DifferentiableMel(call, stft, parameters.get(Parameter.SAMPLE_RATE, wanted.sampleRate()), report)
                : null;
        if (given != null) {
            Plausibility.magnitude(given, parameters.has(Parameter.N_FFT), report);
            Plausibility.amplitudes(given, stft.parameters(), report);
        }
        MagnitudeSpectrogram magnitude = given == null ? requireNonNull(mel).magnitude() : given;
        checkShape(
                wanted,
                kind,
                magnitude,
                mel == null ? stft.parameters().frames(wanted.length()) : mel.frames(wanted.length()));
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        AudioSignal audio = reconstructor.forward(magnitude, wanted.length(), wanted.sampleRate(), call.progress());
        long[] counts = new long[2];
        if (mel != null) {
            mel.finish(audio);
        }
        arrays.put("audio", NpyArray.of(audio));
        AudioSignal cotangent = wanted;
        if (objective instanceof Objective.Target target) {
            LossGradient loss = target.loss().evaluate(audio, wanted);
            Finite.result("the loss", List.of(loss.value()));
            arrays.put("loss", NpyArray.real(Shape.SCALAR, new float[] {(float) Math.min(loss.value(), Float.MAX_VALUE)
            }));
            report.put("loss", loss.value());
            cotangent = loss.gradient();
            counts[1] += loss.saturated();
        }
        Through through = parameters.get(Parameter.THROUGH);
        BoundedGradient rule = new BoundedGradient(
                phase, parameters.get(Parameter.GRADIENT_POLICY), PhaseVjpOperation.floor(parameters));
        MagnitudeGradient found =
                reconstructor.vjp(magnitude, mel == null ? cotangent : mel.unfinish(cotangent, counts), through, rule);
        counts[0] += found.singularBins();
        counts[1] += found.saturated();
        if (mel == null) {
            ReconstructVjpOperation.pullBackRoots(call, magnitude, found.gradient(), rule, counts);
            arrays.put("magnitude_gradient", NpyArray.of(found.gradient()));
        } else {
            arrays.put("mel_gradient", NpyArray.of(mel.gradient(found.gradient(), rule, counts)));
        }
        report.put("algorithm", Parameters.wire(algorithm))
                .put("iterations", parameters.get(Parameter.N_ITER))
                .put("through", Parameters.wire(through));
        if (through == Through.IMPLICIT) {
            report.put("residual", found.residual());
        }
        Finite.result("the audio", audio);
        report.audio(audio.sampleRate(), audio.length())
                .peak(audio.peak())
                .put("singular_bins", counts[0])
                .put("saturated", counts[1])
                .computedBy(phase.kernel());
        return new Answer(arrays, audio, report.finish());
    }

    private static MagnitudeSpectrogram magnitude(Call call, Kind kind) {
        if (kind != Kind.MAGNITUDE) {
            throw badParameter(
                    "algorithm",
                    "left out where the input " + Parameters.wire(kind) + " has a phase",
                    call.parameters().find(Parameter.ITERATED_ALGORITHM).orElse("it"));
        }
        return ReconstructVjpOperation.magnitude(call);
    }

    private static void checkShape(AudioSignal wanted, Kind kind, MagnitudeSpectrogram magnitude, int frames) {
        Shape leading = magnitude.shape().leading();
        if (!wanted.leading().equals(leading)) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "target and cotangent must have the " + Parameters.wire(kind) + "'s leading axes " + leading
                            + ", got " + wanted.leading());
        }
        if (magnitude.shape().frames() != frames) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "the audio of " + magnitude.shape().frames() + " frames must have as many, got " + wanted.length()
                            + " samples, which have " + frames + "; check hop_length, or cut the target");
        }
    }

    private static ReconstructionParameters settings(Parameters parameters, Algorithm algorithm, Stft stft) {
        if (algorithm == Algorithm.GRIFFINLIM && parameters.has(Parameter.MOMENTUM)) {
            throw badParameter("momentum", "left out with algorithm=griffinlim, which does not use it", "it");
        }
        return ReconstructionParameters.of(stft.parameters())
                .withIterations(parameters.get(Parameter.N_ITER))
                .withMomentum(parameters.get(Parameter.MOMENTUM))
                .withInit(parameters.get(Parameter.ITERATED_INIT))
                .withSeed(parameters.get(Parameter.SEED));
    }
}
