package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.NpyArray;
import dev.phasor.gradient.Loss;
import dev.phasor.gradient.Objective;
import dev.phasor.gradient.OutputStage;
import dev.phasor.gradient.Step;
import dev.phasor.gradient.TrainingStep;
import dev.phasor.gradient.WaveformLoss;
import dev.phasor.operation.Inputs.Kind;
import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.reconstruction.BoundedGradient;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole training step: sound from a spectrogram (or audio), its loss or cotangent, and the gradient all the way back.
 */
final class ReconstructVjpOperation implements Operation {

    private final Transform transform;
    private final Phase phase;
    private final IteratedVjpOperation iterated;

    ReconstructVjpOperation(Transform transform, Phase phase) {
        this.transform = transform;
        this.phase = phase;
        iterated = new IteratedVjpOperation(transform, phase);
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        Inputs inputs = call.inputs();
        Parameters parameters = call.parameters();
        GradientPolicy policy = parameters.get(Parameter.GRADIENT_POLICY);
        Floor floor = PhaseVjpOperation.floor(parameters);
        boolean isIterated = IteratedVjpOperation.isAsked(parameters);
        Kind kind = inputs.main(parameters, isIterated ? Kind.MAGNITUDE : Kind.AUDIO);
        refuseUnused(call, kind);
        if (isIterated) {
            return iterated.run(call, kind, report, stft -> objective(call, stft, policy, floor, report));
        }
        IteratedVjpOperation.refuseUnused(parameters);
        if (kind == Kind.MAGNITUDE || kind == Kind.MEL) {
            throw badParameter(
                    "the input spectrogram or audio",
                    "given, for its phase, or algorithm=griffinlim, fast_griffinlim or agla, which finds one",
                    "a " + Parameters.wire(kind) + " alone");
        }
        @Nullable MagnitudeSpectrogram magnitude = inputs.has(Input.MAGNITUDE) ? magnitude(call) : null;
        if (kind == Kind.SPECTROGRAM) {
            ComplexSpectrogram z = inputs.spectrogram(parameters);
            Stft stft = transform.ofSpectrogram(parameters, z.shape(), report);
            checkTarget(inputs.shape(Input.TARGET), stft.parameters(), z.shape().frames(), report);
            Step<ComplexSpectrogram> step = new TrainingStep(new OutputStage(stft, phase, policy, floor))
                    .from(z, magnitude, objective(call, stft, policy, floor, report));
            NpyArray gradient = Transform.array(call, step.gradient());
            return answer(call, magnitude, step, gradient, report.layout(Inputs.layout(parameters)));
        }
        AudioSignal x = inputs.audio(parameters);
        Stft stft = transform.ofAudio(parameters, report);
        Step<AudioSignal> step = new TrainingStep(new OutputStage(stft, phase, policy, floor))
                .from(x, magnitude, objective(call, stft, policy, floor, report));
        return answer(call, magnitude, step, NpyArray.of(step.gradient()), report);
    }

    /** The loss of samples that no frame tells of would be that of silence. */
    private static void checkTarget(@Nullable Shape target, StftParameters transform, int frames, Report report) {
        long longest = Math.max(1, transform.longestLength(frames));
        if (target != null && target.rank() > 0 && target.size(-1) > longest) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "target must have at most " + longest + " samples, which have the spectrogram's " + frames
                            + " frames, got " + target.size(-1) + "; cut it, or check hop_length");
        } else if (target != null && target.rank() > 0 && target.size(-1) > 0) {
            long least = longest + 1 - transform.fftSize() - 2L * transform.hopLength();
            Plausibility.target(target.size(-1), least, frames, report);
        }
    }

    private static void refuseUnused(Call call, Kind kind) {
        for (Input input : List.of(Input.MAGNITUDE, Input.MEL)) {
            boolean isUsed = kind == Kind.MEL ? input == Input.MEL : input == Input.MAGNITUDE;
            if (call.inputs().has(input) && !isUsed) {
                throw badParameter(
                        "the input " + input.wireName(), "left out beside the " + Parameters.wire(kind), "it");
            }
        }
        Parameters parameters = call.parameters();
        if (kind != Kind.MEL && !isOfMel(parameters)) {
            ReconstructMelOperation.refuse(call, "loss=mel or the input mel");
            if (kind != Kind.MAGNITUDE && !call.inputs().has(Input.MAGNITUDE)) {
                parameters.refuseWithout("a magnitude, loss=mel or the input mel", Parameter.POWER);
            }
        }
    }

    /** With the loss of mels the parameters of mels are the loss's, {@code power} too. */
    static boolean isOfMel(Parameters parameters) {
        return parameters.find(Parameter.LOSS).filter(Loss.MEL::equals).isPresent();
    }

    static MagnitudeSpectrogram magnitude(Call call) {
        Parameters parameters = call.parameters();
        return isOfMel(parameters)
                ? call.inputs().amplitude(parameters)
                : call.inputs().magnitude(parameters);
    }

    /**
     * Turns a gradient with respect to {@link #magnitude} into that with respect to what was sent: with {@code power=2}
     * the magnitudes are its roots.
     *
     * @param gradient Modified.
     * @param counts Modified: roots below the floor, and saturated values, are added
     */
    static void pullBackRoots(
            Call call, MagnitudeSpectrogram magnitude, RealSpectrogram gradient, BoundedGradient rule, long[] counts) {
        if (call.parameters().get(Parameter.POWER) != 1 && !isOfMel(call.parameters())) {
            rule.pullBackRoots(magnitude, gradient, counts);
        }
    }

    private Objective objective(Call call, Stft stft, GradientPolicy policy, Floor floor, Report report) {
        Inputs inputs = call.inputs();
        Parameters parameters = call.parameters();
        if (inputs.has(Input.COTANGENT) == inputs.has(Input.TARGET)) {
            throw badParameter(
                    "the input cotangent or target",
                    "given, one of the two",
                    inputs.has(Input.TARGET) ? "both" : "none");
        }
        if (inputs.has(Input.COTANGENT)) {
            parameters.refuseWithout("the input target", Parameter.LOSS);
            return new Objective.Cotangent(inputs.audio(Input.COTANGENT, parameters));
        }
        Loss loss =
                parameters.find(Parameter.LOSS).orElseThrow(() -> badParameter("loss", "given with a target", "none"));
        AudioSignal target = inputs.audio(Input.TARGET, parameters);
        return new Objective.Target(
                target,
                switch (loss) {
                    case MEL -> mel(call, stft, target.sampleRate(), report);
                    case MULTI_SCALE_MEL -> multiScaleMel(stft, target.sampleRate());
                    default -> WaveformLoss.of(loss, stft, phase, policy, floor);
                });
    }

    private static WaveformLoss mel(Call call, Stft stft, int sampleRate, Report report) {
        MelSetup setup = MelSetup.of(call, stft, sampleRate);
        report.mel(setup, call.parameters());
        return WaveformLoss.mel(setup.transform());
    }

    private static WaveformLoss multiScaleMel(Stft stft, int sampleRate) {
        if (sampleRate == AudioSignal.UNKNOWN_RATE) {
            throw badParameter("sample_rate", "given with loss=multi_scale_mel, in Hz", "none");
        }
        return WaveformLoss.multiScaleMel(stft.kernel(), sampleRate);
    }

    private Answer answer(
            Call call, @Nullable MagnitudeSpectrogram magnitude, Step<?> step, NpyArray gradient, Report report) {
        long[] counts = {step.singularBins(), step.saturated()};
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("audio", NpyArray.of(step.audio()));
        step.loss().ifPresent(loss -> {
            Finite.result("the loss", List.of(loss));
            arrays.put("loss", NpyArray.real(Shape.SCALAR, new float[] {(float) Math.min(loss, Float.MAX_VALUE)}));
            report.put("loss", loss);
        });
        Finite.result("the gradient", gradient);
        arrays.put("gradient", gradient);
        @Nullable RealSpectrogram magnitudeGradient = step.magnitudeGradient();
        if (magnitude != null && magnitudeGradient != null) {
            BoundedGradient rule = new BoundedGradient(
                    phase,
                    call.parameters().get(Parameter.GRADIENT_POLICY),
                    PhaseVjpOperation.floor(call.parameters()));
            pullBackRoots(call, magnitude, magnitudeGradient, rule, counts);
            arrays.put("magnitude_gradient", NpyArray.of(magnitudeGradient));
        }
        report.audio(step.audio().sampleRate(), step.audio().length())
                .peak(step.audio().peak())
                .put("singular_bins", counts[0])
                .put("saturated", counts[1])
                .computedBy(phase.kernel());
        return new Answer(arrays, step.audio(), report.finish());
    }
}
