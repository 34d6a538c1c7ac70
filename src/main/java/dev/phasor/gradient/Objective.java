package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;

/** The source of the gradient: an upstream gradient, or a loss against a target. It defines the waveform's shape. */
public sealed interface Objective {

    /** An array of the waveform's shape, length and sample rate. */
    AudioSignal waveform();

    /** The loss is computed elsewhere: its gradient with respect to the waveform. */
    record Cotangent(AudioSignal waveform) implements Objective {}

    /** The loss is computed here: the target waveform and the measure. */
    record Target(AudioSignal waveform, WaveformLoss loss) implements Objective {}
}
