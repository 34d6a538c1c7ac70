package dev.phasor;

import java.util.Random;

/** Noise, and norms. */
public final class Signals {

    private Signals() {}

    /** Gaussian noise of variance 1. */
    public static float[] noise(long seed, int length) {
        Random random = new Random(seed);
        float[] noise = new float[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }

    public static void assertFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new AssertionError("must be finite, got " + value);
            }
        }
    }

    public static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    public static double norm(float[] a) {
        return Math.sqrt(dot(a, a));
    }

    /** ||a - b||. */
    public static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
