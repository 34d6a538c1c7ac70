package dev.phasor.phase;

import static dev.phasor.phase.AtanSeries.*;

import dev.phasor.signal.Plane;

/**
 * The angles of a block, in passes that the compiler can vectorize. The passes hold for ordinary numbers. Other numbers
 * (a zero, an infinity, a NaN, a product of the parts out of range) are recomputed by {@link SafeAtan2}.
 */
final class AngleBlock {

    private final float[] x;
    private final float[] y;
    private final float[] t;
    private final float[] bend;

    AngleBlock(int size) {
        x = new float[size];
        y = new float[size];
        t = new float[size];
        bend = new float[size];
    }

    void angle(Plane re, Plane im, Plane phase, int from, int count) {
        System.arraycopy(re.values(), re.offset() + from, x, 0, count);
        System.arraycopy(im.values(), im.offset() + from, y, 0, count);
        ratios(x, y, t, count);
        bends(t, bend, count);
        octants(x, y, t, bend, count);
        float[] out = phase.values();
        int at = phase.offset() + from;
        System.arraycopy(t, 0, out, at, count);
        for (int i = 0; i < count; i++) {
            if (!isOrdinary(x[i], y[i])) {
                out[at + i] = SafeAtan2.angle(y[i], x[i]);
            }
        }
    }

    private static boolean isOrdinary(float x, float y) {
        float product = Math.abs(x * y);
        return product >= Float.MIN_NORMAL && product <= Float.MAX_VALUE;
    }

    /** t in [0, 1], the smaller part divided by the larger. */
    private static void ratios(float[] x, float[] y, float[] t, int count) {
        for (int i = 0; i < count; i++) {
            float a = Math.abs(x[i]);
            float b = Math.abs(y[i]);
            t[i] = Math.min(a, b) / Math.max(a, b);
        }
    }

    /** atan(t) - t. */
    private static void bends(float[] t, float[] bend, int count) {
        for (int i = 0; i < count; i++) {
            float s = t[i] * t[i];
            float high = P4 + s * (P5 + s * (P6 + s * (P7 + s * P8)));
            bend[i] = (P0 + s * (P1 + s * (P2 + s * (P3 + s * high)))) * s * t[i];
        }
    }

    /**
     * The angle is k pi/2 +- atan(t), with k = 0 or 2 near the real axis and 1 near the imaginary axis, and has im's
     * sign.
     */
    private static void octants(float[] x, float[] y, float[] t, float[] bend, int count) {
        for (int i = 0; i < count; i++) {
            float steep = Math.max(0, sign(Math.abs(y[i]) - Math.abs(x[i])));
            float right = sign(x[i]);
            float k = 1 - right + steep * right;
            float turn = right * (1 - 2 * steep);
            // k pi/2 +- t is nearly exact; all small terms are added last, with one rounding.
            float angle = (k * HALF_PI + turn * t[i]) + (k * HALF_PI_REST + turn * bend[i]);
            t[i] = sign(y[i]) * angle;
        }
    }

    /** -1, 0 or 1 without a branch. The smallest float times the largest float squared exceeds 1. */
    private static float sign(float v) {
        return Math.max(-1, Math.min(1, v * Float.MAX_VALUE * Float.MAX_VALUE));
    }
}
