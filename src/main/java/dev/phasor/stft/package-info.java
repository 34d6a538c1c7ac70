/**
 * The short-time Fourier transform, its least-squares inverse and the adjoint of each; the sole user of JTransforms.
 */
@NullMarked
package dev.phasor.stft;

import org.jspecify.annotations.NullMarked;
