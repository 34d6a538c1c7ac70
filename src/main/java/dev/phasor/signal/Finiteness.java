package dev.phasor.signal;

/** Whether numbers are finite, as fast as they can be read. */
public final class Finiteness {

    private static final boolean IN_LANES = VectorModule.isPresent();

    private Finiteness() {}

    /** Whether all of {@code from}..{@code to} - 1 are finite. */
    public static boolean of(float[] values, int from, int to) {
        int whole = IN_LANES ? from + (to - from) / VectorFiniteness.COUNT * VectorFiniteness.COUNT : from;
        return (whole == from || VectorFiniteness.of(values, from, whole)) && ofScalars(values, whole, to);
    }

    private static boolean ofScalars(float[] values, int from, int to) {
        // 0 times a finite value is 0, else NaN. Four sums, so that no addition waits for the one before.
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            sum0 += values[i] * 0;
            sum1 += values[i + 1] * 0;
            sum2 += values[i + 2] * 0;
            sum3 += values[i + 3] * 0;
        }
        for (; i < to; i++) {
            sum0 += values[i] * 0;
        }
        return sum0 + sum1 + sum2 + sum3 == 0;
    }
}
