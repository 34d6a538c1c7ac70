package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;

/**
 * A loss and its gradient with respect to the waveform.
 *
 * @param value the mean over the items
 * @param gradient dL/dy, of the waveform's shape
 * @param saturated intermediate values and gradients beyond the range of float32, limited to +-max float
 */
public record LossGradient(double value, AudioSignal gradient, long saturated) {}
