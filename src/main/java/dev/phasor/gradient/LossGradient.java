package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;

/**
 * A loss and its gradient with respect to the waveform.
 *
 * @param value the mean over the items
 * @param gradient dL/dy, the waveform's shape
 * @param saturated values on the way, the gradient's included, that float32 could not hold and that became +-max float
 */
public record LossGradient(double value, AudioSignal gradient, long saturated) {}
