/** The differentiable output stage, from spectrogram to waveform, and the losses on the waveform; all always finite. */
@NullMarked
package dev.phasor.gradient;

import org.jspecify.annotations.NullMarked;
