package dev.phasor.reconstruction;

/** Counts magnitudes by size, to 0.1 %: a cell holds the floats of one exponent and first ten bits of the mantissa. */
final class MagnitudeHistogram {

    private static final int DROPPED_BITS = 13;
    private static final int CELLS = Float.floatToRawIntBits(Float.POSITIVE_INFINITY) >> DROPPED_BITS;

    static final long BYTES = (long) CELLS * Long.BYTES;

    private final long[] counts = new long[CELLS];
    private float largest;

    /**
     * @param magnitudes finite and not negative. Not modified.
     * @param fillers the number of zeros among them that only fill up a tile
     */
    synchronized void add(float[] magnitudes, long fillers) {
        // The bits of floats of one sign are in the order of the floats, and integers are compared faster.
        int most = Float.floatToRawIntBits(largest);
        for (float magnitude : magnitudes) {
            int bits = Float.floatToRawIntBits(magnitude);
            counts[bits >> DROPPED_BITS]++;
            most = Math.max(most, bits);
        }
        largest = Float.intBitsToFloat(most);
        counts[0] -= fillers;
    }

    float largest() {
        return largest;
    }

    /** The number of magnitudes that are 0 or smaller than {@code limit}. */
    long countBelow(double limit) {
        int end = Math.max(1, cell((float) Math.min(limit, Float.MAX_VALUE)));
        long count = 0;
        for (int cell = 0; cell < end; cell++) {
            count += counts[cell];
        }
        return count;
    }

    private static int cell(float magnitude) {
        return Float.floatToRawIntBits(magnitude) >> DROPPED_BITS;
    }
}
