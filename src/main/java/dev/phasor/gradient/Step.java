package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.RealSpectrogram;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One training step: the waveform, how far it is from its target, and which way to go. All finite.
 *
 * @param <G> the input's kind: a complex spectrogram, or audio
 * @param audio the waveform that the output stage made
 * @param loss at {@code audio}, where the objective was a target
 * @param gradient with respect to the input, its shape
 * @param magnitudeGradient with respect to the magnitude, where one was given
 * @param singularBins bins whose phase gradient the policy bounded; none where no magnitude was given
 * @param saturated values on the way that float32 could not hold and that became +-max float
 */
public record Step<G>(
        AudioSignal audio,
        OptionalDouble loss,
        G gradient,
        @Nullable RealSpectrogram magnitudeGradient,
        long singularBins,
        long saturated) {}
