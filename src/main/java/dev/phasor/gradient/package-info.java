/**
 * The differentiable output stage, from spectrogram to waveform, and the losses on the waveform. All results are
 * finite.
 */
@NullMarked
package dev.phasor.gradient;

import org.jspecify.annotations.NullMarked;
