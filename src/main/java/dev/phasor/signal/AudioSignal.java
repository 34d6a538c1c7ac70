package dev.phasor.signal;

/**
 * Sampled sound: one plane of samples an item, nominally in [-1, 1] (over-range is kept), shape {@code leading +
 * [samples]}. Every item (channel) is a signal of its own; all have the same length. The arrays are not copied: who
 * hands them over no longer writes to them.
 */
public final class AudioSignal {

    /** The sample rate of audio that came without one. */
    public static final int UNKNOWN_RATE = 0;

    private final Shape leading;
    private final float[][] samples;
    private final int sampleRate;

    /**
     * @param leading the leading axes; their product is the number of items
     * @param samples [item][sample]
     * @param sampleRate in Hz, or {@link #UNKNOWN_RATE}
     */
    public AudioSignal(Shape leading, float[][] samples, int sampleRate) {
        Planes.check(leading, samples, samples.length == 0 ? 0 : samples[0].length);
        this.leading = leading;
        this.samples = samples;
        this.sampleRate = sampleRate;
    }

    /** One channel, shape {@code [samples]}. */
    public static AudioSignal mono(float[] samples, int sampleRate) {
        return new AudioSignal(Shape.SCALAR, new float[][] {samples}, sampleRate);
    }

    public Shape leading() {
        return leading;
    }

    /** {@code leading + [samples]}. */
    public Shape shape() {
        return leading.plus(length());
    }

    public int items() {
        return samples.length;
    }

    /** Samples per item. */
    public int length() {
        return samples.length == 0 ? 0 : samples[0].length;
    }

    /** In Hz, or {@link #UNKNOWN_RATE}. */
    public int sampleRate() {
        return sampleRate;
    }

    /** The samples of an item. Not to be modified. */
    public float[] samples(int item) {
        return samples[item];
    }

    public AudioSignal withSampleRate(int rate) {
        return new AudioSignal(leading, samples, rate);
    }
}
