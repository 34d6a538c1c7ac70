package dev.phasor.operation;

/** Counts what is not finite, with the first index, in order of time. */
final class NonFiniteSamples {

    private final int channels;
    private long count;
    private long firstSample;
    private int firstChannel;

    NonFiniteSamples(int channels) {
        this.channels = channels;
    }

    /** Whether this block, or one before it, holds a value that is not finite. */
    boolean found(float[][] block, int samples, long position) {
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < samples; i++) {
                if (!Float.isFinite(block[channel][i]) && count++ == 0) {
                    firstSample = position + i;
                    firstChannel = channel;
                }
            }
        }
        return count > 0;
    }

    void refuse(long length) {
        if (count > 0) {
            throw Finite.nonFinite(
                    "audio",
                    count,
                    channels == 1 ? "[" + length + "]" : "[" + channels + ", " + length + "]",
                    channels == 1 ? "[" + firstSample + "]" : "[" + firstChannel + ", " + firstSample + "]");
        }
    }
}
