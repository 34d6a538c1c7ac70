package dev.phasor.phase;

/**
 * {@link SafeAtan2} in plain Java, for every JVM. The compiler turns a loop into SIMD code if it is small, free of branches and
 * uses one index; so a block of elements that stays in the first-level cache goes through several such passes.
 */
final class JavaPhaseKernel implements PhaseKernel {

    private static final int BLOCK = 512;

    @Override
    public String name() {
        return "java";
    }

    @Override
    public void angle(float[] re, float[] im, float[] phase) {
        var block = new AngleBlock(Math.min(BLOCK, phase.length));
        for (int from = 0; from < phase.length; from += BLOCK) {
            block.angle(re, im, phase, from, Math.min(BLOCK, phase.length - from));
        }
    }

    @Override
    public long angleVjp(
            float[] re, float[] im, float[] cotangent, GradientPolicy policy, double floor, float[] dRe, float[] dIm) {
        return angleVjp(re, im, cotangent, policy, floor, dRe, dIm, 0);
    }

    /** The same from an element on. */
    long angleVjp(
            float[] re,
            float[] im,
            float[] cotangent,
            GradientPolicy policy,
            double floor,
            float[] dRe,
            float[] dIm,
            int start) {
        var block = new GradientBlock(Math.min(BLOCK, dRe.length - start), Denominator.of(policy, floor));
        long saturated = 0;
        for (int from = start; from < dRe.length; from += BLOCK) {
            saturated += block.angleVjp(re, im, cotangent, dRe, dIm, from, Math.min(BLOCK, dRe.length - from));
        }
        return saturated;
    }

    @Override
    public void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm) {
        project(re, im, magnitude, outRe, outIm, 0);
    }

    /** The same from an element on. */
    void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm, int start) {
        for (int i = start; i < outRe.length; i++) {
            // Relative to the larger part nothing that matters under- or overflows; r is 0 at the origin, else >= 1.
            float largest = Math.max(Math.max(Math.abs(re[i]), Math.abs(im[i])), Float.MIN_VALUE);
            float u = re[i] / largest;
            float v = im[i] / largest;
            float r = (float) Math.sqrt(u * u + v * v);
            float atOrigin = 1 - Math.min(1, r);
            float gain = 1 / (r + atOrigin);
            float m = magnitude[i];
            outRe[i] = (u + atOrigin) * gain * m;
            outIm[i] = v * gain * m;
        }
    }
}
