package dev.phasor.codec;

import java.io.IOException;

/**
 * A sound file written as a stream, block by block, which is neither flushed nor closed. Used by one thread at a time.
 */
public interface AudioWriter {

    /**
     * Appends frames.
     *
     * @param block [channel][sample], taken from {@code offset} on. Not modified.
     */
    void write(float[][] block, int offset, int frames) throws IOException;

    /** Samples per channel written. */
    long frames();

    /**
     * Ends the file.
     *
     * @return the number of clipped samples: those beyond the integer range, and NaN (written as 0)
     * @throws IllegalStateException unless as many frames were written as the header declares
     */
    long finish() throws IOException;
}
