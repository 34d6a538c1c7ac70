package dev.phasor.codec;

import java.util.Arrays;

/** An array that grows as values arrive, so that no header can take memory that no body fills. */
final class GrowingFloats {

    private static final int FIRST = 1 << 14;

    private final int most;
    private float[] values;

    /** @param most the final size */
    GrowingFloats(int most) {
        this.most = most;
        this.values = new float[Math.min(most, FIRST)];
    }

    /** An array of at least {@code size} values, with all that were written so far. */
    float[] ensure(int size) {
        if (size > values.length) {
            values = Arrays.copyOf(values, (int) Math.min(most, Math.max(size, 2L * values.length)));
        }
        return values;
    }
}
