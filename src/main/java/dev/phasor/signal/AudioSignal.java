package dev.phasor.signal;

/**
 * Sampled sound of shape {@code leading + [samples]}, nominally in [-1, 1]; values outside are kept. Every item
 * (channel) is a signal of its own, and all have the same length. Arrays are not copied; a caller must not modify an
 * array after passing it in.
 */
public final class AudioSignal {

    /** The sample rate of audio without a known rate. */
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

    /** The sample rate in Hz, or {@link #UNKNOWN_RATE}. */
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
