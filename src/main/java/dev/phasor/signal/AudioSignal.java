package dev.phasor.signal;

import dev.phasor.signal.InvalidInputException.Code;

/**
 * Sampled sound of shape {@code leading + [samples]}, nominally in [-1, 1]; values outside are kept. Every item
 * (channel) is a signal of its own, and all have the same length. Arrays are not copied; a caller must not modify an
 * array after passing it in.
 */
public final class AudioSignal {

    /** The sample rate of audio without a known rate. */
    public static final int UNKNOWN_RATE = 0;

    private static final boolean IN_LANES = VectorModule.isPresent();

    private final Shape leading;
    private final float[][] samples;
    private final int sampleRate;
    /** {@link #peak} once it was asked for. Threads that ask at once compute the same. */
    private float peak = -1;

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

    /** The largest sample without its sign; 0 where there is none, infinity or NaN where one is. */
    public float peak() {
        if (peak == -1) {
            float found = 0;
            for (float[] item : samples) {
                found = Math.max(found, peak(item));
            }
            peak = found;
        }
        return peak;
    }

    /** The largest absolute value. */
    public static float peak(float[] samples) {
        float[] found = new float[1];
        Ranges.inOrder(samples.length, (from, to) -> found[0] = Math.max(found[0], peak(samples, from, to)));
        return found[0];
    }

    /** The largest absolute value of {@code from}..{@code to} - 1. */
    public static float peak(float[] samples, int from, int to) {
        // The bits of floats of one sign are in the order of the floats, and integers are compared faster.
        int whole = IN_LANES ? from + (to - from) / VectorPeak.COUNT * VectorPeak.COUNT : from;
        int peak = whole > from ? VectorPeak.of(samples, from, whole) : 0;
        for (int i = whole; i < to; i++) {
            peak = Math.max(peak, Float.floatToRawIntBits(samples[i]) & Integer.MAX_VALUE);
        }
        return Float.intBitsToFloat(peak);
    }

    /**
     * Checks that another signal may be compared with this one, sample by sample.
     *
     * @param name of the other, for the message
     * @throws InvalidInputException {@code SHAPE_MISMATCH} unless it has the same shape, and the same rate where both
     *     have one
     */
    public void checkSame(String name, AudioSignal other) {
        if (!other.shape().equals(shape())) {
            throw mismatch(name + " must have the audio's shape " + shape() + ", got " + other.shape()
                    + (other.length() == length() ? "" : "; cut the longer one, or reconstruct with length"));
        }
        boolean known = sampleRate != UNKNOWN_RATE && other.sampleRate != UNKNOWN_RATE;
        if (known && sampleRate != other.sampleRate) {
            throw mismatch(name + " must have the audio's sample rate, " + sampleRate + " Hz, got " + other.sampleRate
                    + " Hz; resample one of them");
        }
    }

    private static InvalidInputException mismatch(String message) {
        return new InvalidInputException(Code.SHAPE_MISMATCH, message);
    }
}
