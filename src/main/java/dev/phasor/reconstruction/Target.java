package dev.phasor.reconstruction;

/**
 * What one item's spectrogram is to be like, tile by tile of its {@link dev.phasor.stft.FrameLoop}: a set of
 * spectrograms, the nearest of them to a given one, and how far that is. Values are scaled so that their squares are
 * floats.
 */
sealed interface Target permits MagnitudeTarget, MelTarget {

    /** What {@link #squaredError} of silence is, summed over all tiles. */
    double energy();

    /**
     * Sets a tile to the target's magnitudes with given phases.
     *
     * @param phase the phases of all tiles, [frame][bin]
     * @param re Modified, as is {@code im}
     */
    void place(int tile, float[] phase, float[] re, float[] im);

    /**
     * Moves a tile to the nearest point of the target.
     *
     * @param re Modified, as is {@code im}
     */
    void project(int tile, float[] re, float[] im);

    /** How far a tile is from the target, squared. */
    double squaredError(int tile, float[] re, float[] im);

    /** {@link #squaredError}, and then {@link #project}. */
    default double projectMeasured(int tile, float[] re, float[] im) {
        double error = squaredError(tile, re, im);
        project(tile, re, im);
        return error;
    }
}
