package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.RealSpectrogram;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The result of one training step: the waveform, its loss and the gradients. All values are finite.
 *
 * @param <G> the input's type: a complex spectrogram, or audio
 * @param audio the waveform of the output stage
 * @param loss at {@code audio}, if the objective is a target
 * @param gradient with respect to the input, of its shape
 * @param magnitudeGradient with respect to the magnitude, if one was given
 * @param singularBins bins whose phase gradient the policy bounded; 0 without a magnitude
 * @param saturated intermediate values beyond the range of float32, limited to +-max float
 */
public record Step<G>(
        AudioSignal audio,
        OptionalDouble loss,
        G gradient,
        @Nullable RealSpectrogram magnitudeGradient,
        long singularBins,
        long saturated) {}
