package dev.phasor.reconstruction;

import java.util.Arrays;

/** The latest samples of a signal that comes in pieces, and zeros behind them. Memory does not grow. */
final class RecentSamples {

    private final float[] values;
    private long first;
    private int count;

    /** @param span the most samples that are needed at once */
    RecentSamples(int span) {
        values = new float[2 * span];
    }

    static long bytes(long span) {
        return 2 * span * Float.BYTES;
    }

    /** The samples from {@link #first} on; the array stays the same. */
    float[] values() {
        return values;
    }

    /** The position of the first sample that is held. */
    long first() {
        return first;
    }

    /** The position behind the last sample that came. */
    long end() {
        return first + count;
    }

    /**
     * Takes as many samples as there is room for, at least one.
     *
     * @param samples Not modified.
     * @param needed the first position that is still needed
     * @return how many were taken
     */
    int take(float[] samples, int offset, int given, long needed) {
        if (count == values.length) {
            int left = (int) Math.max(0, end() - needed);
            first = end() - left;
            System.arraycopy(values, count - left, values, 0, left);
            Arrays.fill(values, left, count, 0);
            count = left;
        }
        int taken = Math.min(given, values.length - count);
        System.arraycopy(samples, offset, values, count, taken);
        count += taken;
        return taken;
    }
}
