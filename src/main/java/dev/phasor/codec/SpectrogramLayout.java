package dev.phasor.codec;

/** The layout of a complex spectrogram in NPY. */
public enum SpectrogramLayout {
    /** {@code complex64} or {@code complex128}, {@code [..., bins, frames]}. */
    COMPLEX,
    /** float, {@code [..., 2, bins, frames]}: channel 0 is the real part, channel 1 the imaginary part. */
    SUBBANDS
}
