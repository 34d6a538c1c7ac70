package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;

/** Where the gradient comes from: upstream, or from a loss against a target. Either one names the waveform's shape. */
public sealed interface Objective {

    /** The waveform's shape, length and sample rate. */
    AudioSignal waveform();

    /** The loss is elsewhere: its gradient with respect to the waveform. */
    record Cotangent(AudioSignal waveform) implements Objective {}

    /** The loss is here: the waveform to be reached, and the measure. */
    record Target(AudioSignal waveform, WaveformLoss loss) implements Objective {}
}
