package dev.phasor.phase;

import dev.phasor.signal.Ranges;
import java.util.concurrent.atomic.LongAdder;

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
        Ranges.forEach(phase.length, phase.length, BLOCK, (start, end) -> {
            var block = new AngleBlock(Math.min(BLOCK, end - start));
            for (int from = start; from < end; from += BLOCK) {
                block.angle(re, im, phase, from, Math.min(BLOCK, end - from));
            }
        });
    }

    @Override
    public long angleVjp(
            float[] re, float[] im, float[] cotangent, GradientPolicy policy, double floor, float[] dRe, float[] dIm) {
        LongAdder saturated = new LongAdder();
        Ranges.forEach(
                dRe.length,
                dRe.length,
                BLOCK,
                (start, end) -> saturated.add(angleVjp(re, im, cotangent, policy, floor, dRe, dIm, start, end)));
        return saturated.sum();
    }

    /** The same for the elements {@code start} to {@code end} - 1. */
    static long angleVjp(
            float[] re,
            float[] im,
            float[] cotangent,
            GradientPolicy policy,
            double floor,
            float[] dRe,
            float[] dIm,
            int start,
            int end) {
        var block = new GradientBlock(Math.min(BLOCK, end - start), Denominator.of(policy, floor));
        long saturated = 0;
        for (int from = start; from < end; from += BLOCK) {
            saturated += block.angleVjp(re, im, cotangent, dRe, dIm, from, Math.min(BLOCK, end - from));
        }
        return saturated;
    }

    @Override
    public void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm) {
        Ranges.forEach(
                outRe.length,
                outRe.length,
                BLOCK,
                (start, end) -> project(re, im, magnitude, outRe, outIm, start, end));
    }

    /** The same for the elements {@code start} to {@code end} - 1. */
    static void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm, int start, int end) {
        for (int i = start; i < end; i++) {
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
