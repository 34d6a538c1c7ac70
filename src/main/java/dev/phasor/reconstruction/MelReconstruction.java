package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;

/**
 * Sound from mels.
 *
 * @param algorithm what found it: {@code joint}, or the algorithm of the phases
 */
public record MelReconstruction(AudioSignal audio, String algorithm, int iterations) {}
