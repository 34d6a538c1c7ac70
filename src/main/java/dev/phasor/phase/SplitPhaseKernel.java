package dev.phasor.phase;

import dev.phasor.signal.Plane;
import dev.phasor.signal.Ranges;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** A CPU kernel. Threads share large planes, each computing a range of the elements. */
abstract sealed class SplitPhaseKernel implements PhaseKernel permits JavaPhaseKernel, VectorPhaseKernel {

    /** Elements of a block, which stays in the first-level cache between passes. */
    static final int BLOCK = 512;

    private static final int SHORTEST_RANGE = 1 << 12;

    @Override
    public final void angle(Plane re, Plane im, Plane phase) {
        split(phase.size(), (from, to) -> angle(re, im, phase, from, to));
    }

    @Override
    public final long angleVjp(
            Plane re, Plane im, Plane cotangent, GradientPolicy policy, double floor, Plane dRe, Plane dIm) {
        Denominator denominator = Denominator.of(policy, floor);
        LongAdder saturated = new LongAdder();
        split(dRe.size(), (from, to) -> {
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
    public final double largestSquare(Plane re, Plane im) {
        DoubleAccumulator largest = new DoubleAccumulator(Math::max, 0);
        split(re.size(), (from, to) -> largest.accumulate(largestSquare(re, im, from, to)));
        return largest.get();
    }

    @Override
    public final long countBelow(Plane re, Plane im, double limit) {
        LongAdder count = new LongAdder();
        split(re.size(), (from, to) -> count.add(countBelow(re, im, limit, from, to)));
        return count.sum();
    }

    private static void split(int count, Ranges.Body body) {
        Ranges.forEach(count, count, SHORTEST_RANGE, body);
    }

    /**
     * {@link #angle(Plane, Plane, Plane)} for the elements {@code from}..{@code to} - 1. The methods below use the same
     * range.
     */
    abstract void angle(Plane re, Plane im, Plane phase, int from, int to);

    abstract GradientBlock gradientBlock(int size, Denominator denominator);

    abstract void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm, int from, int to);

    abstract double largestSquare(Plane re, Plane im, int from, int to);

    abstract int countBelow(Plane re, Plane im, double limit, int from, int to);
}
