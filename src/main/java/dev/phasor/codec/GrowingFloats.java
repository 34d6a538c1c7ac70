package dev.phasor.codec;

import java.util.Arrays;

/**
 * An array that grows as values arrive, so a header cannot allocate more memory than {@link CodecLimits#ahead} that the
 * body does not fill.
 */
final class GrowingFloats {

    private static final int FIRST = 1 << 14;

    private final int most;
    private final CodecLimits limits;
    private float[] values;

    /** @param most the final size */
    GrowingFloats(int most, CodecLimits limits) {
        this.most = most;
        this.limits = limits;
        long first = Math.max(FIRST, limits.ahead().getAsLong() / Float.BYTES);
        this.values = allocate((int) Math.min(most, first), new float[0]);
    }

    /** An array of at least {@code size} values that contains all values written so far. */
    float[] ensure(int size) {
        if (size > values.length) {
            values = allocate((int) Math.min(most, Math.max(size, 2L * values.length)), values);
        }
        return values;
    }

    private float[] allocate(int size, float[] before) {
        limits.take(4L * size);
        return Arrays.copyOf(before, size);
    }
}
