package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;

/**
 * The gradient of a {@link MelTransform}.
 *
 * @param audio of the audio's shape
 * @param saturated intermediate values and gradients beyond the range of float32, limited to +-max float
 */
public record MelGradient(AudioSignal audio, long saturated) {}
