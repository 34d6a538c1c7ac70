package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;

/** Sound, and how good it is. */
public record Reconstruction(AudioSignal audio, ReconstructionReport report) {}
