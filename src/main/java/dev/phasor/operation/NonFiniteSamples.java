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

    /**
     * Whether these samples, or some before them, hold a value that is not finite.
     *
     * @param block [channel][sample], of which samples from offset on are new
     * @param position of the first of them in the sound
     */
    boolean found(float[][] block, int offset, int samples, long position) {
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < samples; i++) {
                if (!Float.isFinite(block[channel][offset + i]) && count++ == 0) {
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
