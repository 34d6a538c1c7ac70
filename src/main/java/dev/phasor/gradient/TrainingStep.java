package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One call for a whole step: forward through the output stage, the loss, and the gradient back to the input. */
public final class TrainingStep {

    private final OutputStage stage;

    public TrainingStep(OutputStage stage) {
        this.stage = stage;
    }

    /**
     * The step of a model that emits a spectrogram z.
     *
     * @param magnitude to be recombined with z's phase, of z's shape; null for |z|
     * @throws InvalidInputException {@code SHAPE_MISMATCH} if leading axes or the magnitude's shape differ;
     *     {@code NOLA} if window and hop cannot be inverted
     */
    public Step<ComplexSpectrogram> from(
            ComplexSpectrogram z, @Nullable MagnitudeSpectrogram magnitude, Objective objective) {
        AudioSignal wanted = objective.waveform();
        if (!wanted.leading().equals(z.shape().leading())) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    name(objective) + " must have the spectrogram's leading axes "
                            + z.shape().leading() + ", got " + wanted.leading());
        }
        var saturation = new Saturation();
        AudioSignal audio = stage.forward(z, magnitude, wanted.length(), wanted.sampleRate(), saturation);
        OptionalDouble loss = OptionalDouble.empty();
        AudioSignal cotangent = wanted;
        if (objective instanceof Objective.Target target) {
            LossGradient evaluated = target.loss().evaluate(audio, target.waveform());
            loss = OptionalDouble.of(evaluated.value());
            cotangent = evaluated.gradient();
            saturation.add(evaluated.saturated());
        }
        StageGradient back = stage.vjp(z, magnitude, cotangent);
        saturation.add(back.saturated());
        return new Step<>(audio, loss, back.spectrogram(), back.magnitude(), back.singularBins(), saturation.count());
    }

    /**
     * The step of a model that emits a waveform x. z is the STFT of x, and the gradient also passes back through the
     * STFT.
     *
     * @param magnitude to be recombined with z's phase, of z's shape; null for |z|
     * @throws InvalidInputException {@code SHAPE_MISMATCH} if the objective's shape or rate differs from x's or the
     *     magnitude's shape from z's; {@code NOLA} if window and hop cannot be inverted
     */
    public Step<AudioSignal> from(AudioSignal x, @Nullable MagnitudeSpectrogram magnitude, Objective objective) {
        x.checkSame(name(objective), objective.waveform());
        var saturation = new Saturation();
        ComplexSpectrogram z = saturation.clamp(stage.stft().forward(x));
        Step<ComplexSpectrogram> step = from(z, magnitude, objective);
        AudioSignal gradient = saturation.clamp(stage.stft().forwardVjp(step.gradient(), x.length()));
        return new Step<>(
                step.audio(),
                step.loss(),
                gradient,
                step.magnitudeGradient(),
                step.singularBins(),
                step.saturated() + saturation.count());
    }

    private static String name(Objective objective) {
        return objective instanceof Objective.Target ? "target" : "cotangent";
    }
}
