package dev.phasor.reconstruction;

import dev.phasor.phase.PhaseKernel;

/**
 * An {@link IterationKernel} in plain Java. The compiler vectorizes its loops where it can. Sums are in double
 * precision.
 */
final class JavaIterationKernel implements IterationKernel {

    private final PhaseKernel phase;

    JavaIterationKernel(PhaseKernel phase) {
        this.phase = phase;
    }

    @Override
    public void magnitude(float[] re, float[] im, float[] magnitude, int from, int to) {
        for (int i = from; i < to; i++) {
            double square = (double) re[i] * re[i] + (double) im[i] * im[i];
            magnitude[i] = (float) Math.min(Float.MAX_VALUE, Math.sqrt(square));
        }
    }

    @Override
    public void angle(float[] re, float[] im, float[] angle) {
        phase.angle(re, im, angle);
    }

    @Override
    public void project(float[] magnitude, float[] re, float[] im) {
        float[] gain = new float[magnitude.length];
        for (int i = 0; i < magnitude.length; i++) {
            gain[i] = magnitude[i] / (float) Math.sqrt(re[i] * re[i] + im[i] * im[i]);
        }
        for (int i = 0; i < magnitude.length; i++) {
            re[i] *= gain[i];
            im[i] *= gain[i];
        }
        for (int i = 0; i < magnitude.length; i++) {
            // The gain is 0/0 or M/0 where |z|^2 underflows, |z| < 1e-23: far below what float32 resolves beside 1.
            if (!(gain[i] <= Float.MAX_VALUE)) {
                re[i] = magnitude[i];
                im[i] = 0;
            }
        }
    }

    @Override
    public double squaredError(float[] magnitude, float[] re, float[] im) {
        float[] difference = new float[magnitude.length];
        for (int i = 0; i < magnitude.length; i++) {
            difference[i] = (float) Math.sqrt(re[i] * re[i] + im[i] * im[i]) - magnitude[i];
        }
        return dot(difference, difference, 0, difference.length);
    }

    /** Four partial sums, so that no addition waits for the previous one. */
    @Override
    public double dot(float[] a, float[] b, int from, int to) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            sum0 += (double) a[i] * b[i];
            sum1 += (double) a[i + 1] * b[i + 1];
            sum2 += (double) a[i + 2] * b[i + 2];
            sum3 += (double) a[i + 3] * b[i + 3];
        }
        for (; i < to; i++) {
            sum0 += (double) a[i] * b[i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }
}
