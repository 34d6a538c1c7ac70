package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;

/** Counts magnitudes by size, to 0.1 %: a cell holds the floats of one exponent and first ten bits of the mantissa. */
final class MagnitudeHistogram {

    private static final int DROPPED_BITS = 13;
    private static final int CELLS = Float.floatToRawIntBits(Float.POSITIVE_INFINITY) >> DROPPED_BITS;

    static final long BYTES = (long) CELLS * Long.BYTES;

    private final long[] counts = new long[CELLS];
    /** The first of the cells that nobody asks for. */
    private final int end;

    private float largest;

    /** @param bound limits above it are never asked for */
    MagnitudeHistogram(double bound) {
        end = end(bound);
    }

    /**
     * @param magnitudes finite and not negative. Not modified.
     * @param fillers the number of zeros among them that only fill up a tile
     */
    void add(float[] magnitudes, long fillers) {
        float most = AudioSignal.peak(magnitudes, 0, magnitudes.length);
        boolean counted = isBelow(magnitudes, end << DROPPED_BITS);
        synchronized (this) {
            largest = Math.max(largest, most);
            if (counted) {
                for (float magnitude : magnitudes) {
                    counts[Float.floatToRawIntBits(magnitude) >> DROPPED_BITS]++;
                }
                counts[0] -= fillers;
            }
        }
    }

    /** Whether the bits of one are. Those of floats of one sign are in the order of the floats, and compared faster. */
    private static boolean isBelow(float[] magnitudes, int bits) {
        for (float magnitude : magnitudes) {
            if (Float.floatToRawIntBits(magnitude) < bits) {
                return true;
            }
        }
        return false;
    }

    float largest() {
        return largest;
    }

    /** The number of magnitudes that are 0 or smaller than {@code limit}. */
    long countBelow(double limit) {
        long count = 0;
        for (int cell = 0; cell < end(limit); cell++) {
            count += counts[cell];
        }
        return count;
    }

    /** The first cell whose magnitudes are neither 0 nor smaller than {@code limit}. */
    private static int end(double limit) {
        return Math.max(1, Float.floatToRawIntBits((float) Math.min(limit, Float.MAX_VALUE)) >> DROPPED_BITS);
    }
}
