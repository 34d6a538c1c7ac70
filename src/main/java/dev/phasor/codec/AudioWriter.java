package dev.phasor.codec;

import java.io.IOException;

/**
 * A sound file written as a stream, block by block. The stream is neither flushed nor closed. Used by one thread at a
 * time.
 */
public interface AudioWriter {

    /**
     * Appends frames.
     *
     * @param block [channel][sample], taken from {@code offset} on. Not modified.
     */
    void write(float[][] block, int offset, int frames) throws IOException;

    /** Samples per channel written so far. */
    long frames();

    /**
     * Ends the file.
     *
     * @return the number of clipped samples: samples beyond the integer range, and NaN (written as 0)
     * @throws IllegalStateException if the number of written frames differs from the number declared in the header
     */
    long finish() throws IOException;
}
