package dev.phasor.phase;

/** Phases modulo 2 pi. */
public final class Angles {

    /** 2 pi in two parts. The first part has 8 bits, so its multiples up to {@link #LARGEST} radians are exact. */
    private static final float TURN = 6.28125f;

    private static final float TURN_REST = (float) (2 * Math.PI - TURN);
    private static final float TURNS = (float) (1 / (2 * Math.PI));
    private static final float LARGEST = 1 << 10;

    /** Adding and subtracting this rounds a float to an integer. */
    private static final float ROUND = 0x1.8p23f;

    // 1/n!, with the signs of the series.
    private static final float S3 = -1 / 6f;
    private static final float S5 = 1 / 120f;
    private static final float S7 = -1 / 5040f;
    private static final float S9 = 1 / 362880f;
    private static final float S11 = -1 / 39916800f;
    private static final float S13 = 1 / 6227020800f;
    private static final float C2 = -1 / 2f;
    private static final float C4 = 1 / 24f;
    private static final float C6 = -1 / 720f;
    private static final float C8 = 1 / 40320f;
    private static final float C10 = -1 / 3628800f;
    private static final float C12 = 1 / 479001600f;

    private Angles() {}

    /** The same angle in [-pi, pi]. */
    public static double wrap(double angle) {
        return angle - 2 * Math.PI * Math.rint(angle / (2 * Math.PI));
    }

    /**
     * Cosines and sines with an error of at most 6e-7, in loops that the compiler can vectorize: the power series at
     * half the angle, then the double-angle formulas.
     *
     * @param angles in radians
     * @param cos Modified, as is {@code sin}; both have the length of {@code angles}.
     */
    public static void cosSin(float[] angles, float[] cos, float[] sin) {
        cosSin(angles, cos, sin, 0, angles.length);
    }

    /** {@link #cosSin(float[], float[], float[])} for the elements {@code from}..{@code to} - 1. */
    public static void cosSin(float[] angles, float[] cos, float[] sin, int from, int to) {
        for (int i = from; i < to; i++) {
            float turns = (angles[i] * TURNS + ROUND) - ROUND;
            cos[i] = 0.5f * ((angles[i] - turns * TURN) - turns * TURN_REST);
        }
        for (int i = from; i < to; i++) {
            float h = cos[i];
            float q = h * h;
            float s = h + h * q * (S3 + q * (S5 + q * (S7 + q * (S9 + q * (S11 + q * S13)))));
            float c = 1 + q * (C2 + q * (C4 + q * (C6 + q * (C8 + q * (C10 + q * C12)))));
            cos[i] = 1 - 2 * s * s;
            sin[i] = 2 * s * c;
        }
        for (int i = from; i < to; i++) {
            if (!(Math.abs(angles[i]) <= LARGEST)) {
                cos[i] = (float) Math.cos(angles[i]);
                sin[i] = (float) Math.sin(angles[i]);
            }
        }
    }
}
