package dev.phasor.phase;

import dev.phasor.signal.Ranges;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** A CPU kernel. Threads share large planes, each computing a range of the elements. */
abstract sealed class SplitPhaseKernel implements PhaseKernel permits JavaPhaseKernel, VectorPhaseKernel {

    /** Elements of a block, which stays in the first-level cache between passes. */
    static final int BLOCK = 512;

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
        split(dRe.length, (from, to) -> {
            GradientBlock block = gradientBlock(Math.min(BLOCK, to - from), denominator);
            for (int i = from; i < to; i += BLOCK) {
                saturated.add(block.angleVjp(re, im, cotangent, dRe, dIm, i, Math.min(BLOCK, to - i)));
            }
        });
        return saturated.sum();
    }

    @Override
    public final void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm) {
        split(outRe.length, (from, to) -> project(re, im, magnitude, outRe, outIm, from, to));
    }

    @Override
    public final double largestSquare(float[] re, float[] im) {
        DoubleAccumulator largest = new DoubleAccumulator(Math::max, 0);
        split(re.length, (from, to) -> largest.accumulate(largestSquare(re, im, from, to)));
        return largest.get();
    }

    @Override
    public final long countBelow(float[] re, float[] im, double limit) {
        LongAdder count = new LongAdder();
        split(re.length, (from, to) -> count.add(countBelow(re, im, limit, from, to)));
        return count.sum();
    }

    private static void split(int count, Ranges.Body body) {
        Ranges.forEach(count, count, SHORTEST_RANGE, body);
    }

    /**
     * {@link #angle(float[], float[], float[])} for the elements {@code from}..{@code to} - 1. The methods below use
     * the same range.
     */
    abstract void angle(float[] re, float[] im, float[] phase, int from, int to);

    abstract GradientBlock gradientBlock(int size, Denominator denominator);

    abstract void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm, int from, int to);

    abstract double largestSquare(float[] re, float[] im, int from, int to);

    abstract int countBelow(float[] re, float[] im, double limit, int from, int to);
}
