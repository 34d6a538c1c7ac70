package dev.phasor.signal;

/** How the values of a spectrogram [bins, frames] stand in an array. */
public enum PlaneOrder {
    /** [bin][frame]: row-major, the usual order of arrays. */
    BINS_FIRST,
    /** [frame][bin]: column-major, the order of the engine's planes and of what numpy calls Fortran order. */
    FRAMES_FIRST;

    /**
     * The shape whose planes [frame][bin] are the planes in this order of {@code shape}. A map that treats each value
     * by itself takes them for planes of that shape. The method is its own inverse.
     */
    public SpectrogramShape planes(SpectrogramShape shape) {
        return this == FRAMES_FIRST ? shape : new SpectrogramShape(shape.leading(), shape.frames(), shape.bins());
    }
}
