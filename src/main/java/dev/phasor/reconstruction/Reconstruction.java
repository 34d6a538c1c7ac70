package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;

/** The reconstructed audio and its report. */
public record Reconstruction(AudioSignal audio, ReconstructionReport report) {}
