package dev.phasor.phase;

import java.util.Arrays;
import java.util.Random;

/** Inputs and distances that the tests of this package share. */
final class Floats {

    static final float INF = Float.POSITIVE_INFINITY;
    static final float PI = (float) Math.PI;

    /** Each with both signs, where it has one. */
    static final float[] SPECIAL = signed(
            0,
            Float.MIN_VALUE,
            Float.MIN_NORMAL,
            1e-25f,
            1e-20f,
            1e-10f,
            1,
            1e19f,
            1e20f,
            Float.MAX_VALUE,
            INF,
            Float.NaN);

    private Floats() {}

    private static float[] signed(float... values) {
        float[] both = Arrays.copyOf(values, 2 * values.length);
        for (int i = 0; i < values.length; i++) {
            both[values.length + i] = -values[i];
        }
        return both;
    }

    static float[] filled(int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }

    /** Finite, over all exponents. */
    static float[] anywhere(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = finite(Float.intBitsToFloat(random.nextInt()));
        }
        return values;
    }

    /** The bfloat16 of these 16 bits; 1 for those that are not finite. */
    static float bfloat16(int bits) {
        return finite(Float.intBitsToFloat(bits << 16));
    }

    private static float finite(float value) {
        return Float.isFinite(value) ? value : 1;
    }

    /** To float; what is beyond the largest one becomes it. */
    static float saturated(double value) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }

    static boolean sameBits(float a, float b) {
        return Float.floatToIntBits(a) == Float.floatToIntBits(b);
    }

    /** |value - exact| in units of the last place of the exact value as a float; 0 for NaN and NaN. */
    static double ulps(float value, double exact) {
        float rounded = (float) exact;
        if (sameBits(value, rounded) || value == rounded) {
            return 0;
        }
        double distance = Math.abs(value - exact) / Math.ulp(rounded);
        return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
    }
}
