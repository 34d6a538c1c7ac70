package dev.phasor.phase;

import dev.phasor.signal.Ranges;
import java.util.concurrent.atomic.LongAdder;

/** A kernel of the CPU: large planes are split over threads, each of which does a range of their elements. */
abstract sealed class SplitPhaseKernel implements PhaseKernel permits JavaPhaseKernel, VectorPhaseKernel {

    private static final int SHORTEST_RANGE = 1 << 12;

    @Override
    public final void angle(float[] re, float[] im, float[] phase) {
        split(phase.length, (from, to) -> angle(re, im, phase, from, to));
    }

    @Override
    public final long angleVjp(
            float[] re, float[] im, float[] cotangent, GradientPolicy policy, double floor, float[] dRe, float[] dIm) {
        Denominator denominator = Denominator.of(policy, floor);
        LongAdder saturated = new LongAdder();
        split(dRe.length, (from, to) -> saturated.add(angleVjp(re, im, cotangent, denominator, dRe, dIm, from, to)));
        return saturated.sum();
    }

    @Override
    public final void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm) {
        split(outRe.length, (from, to) -> project(re, im, magnitude, outRe, outIm, from, to));
    }

    private static void split(int count, Ranges.Body body) {
        Ranges.forEach(count, count, SHORTEST_RANGE, body);
    }

    /** {@link #angle(float[], float[], float[])} of the elements {@code from} to {@code to} - 1, as are the following. */
    abstract void angle(float[] re, float[] im, float[] phase, int from, int to);

    abstract long angleVjp(
            float[] re,
            float[] im,
            float[] cotangent,
            Denominator denominator,
            float[] dRe,
            float[] dIm,
            int from,
            int to);

    abstract void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm, int from, int to);
}
