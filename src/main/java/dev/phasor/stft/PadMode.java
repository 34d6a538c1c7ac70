package dev.phasor.stft;

/** How a centered transform continues a signal beyond its ends; numpy's meanings. */
public enum PadMode {
    /** With zeros. */
    CONSTANT,
    /** Mirrored at the end sample, which is not repeated. */
    REFLECT,
    /** With the end sample. */
    EDGE
}
