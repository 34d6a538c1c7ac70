package dev.phasor.phase;

import dev.phasor.signal.Ranges;
import dev.phasor.signal.VectorModule;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * re^2 + im^2 in double precision, where the squares of floats neither under- nor overflow; the same bits in SIMD lanes
 * and without.
 */
final class SquaredMagnitudes {

    private static final int SHORTEST_RANGE = 1 << 12;

    private SquaredMagnitudes() {}

    /** The largest; 0 of none. */
    static double largest(float[] re, float[] im) {
        DoubleAccumulator largest = new DoubleAccumulator(Math::max, 0);
        Ranges.forEach(
                re.length,
                re.length,
                SHORTEST_RANGE,
                (from, to) -> largest.accumulate(
                        VectorModule.isPresent()
                                ? VectorSquaredMagnitudes.largest(re, im, from, to)
                                : largest(re, im, from, to)));
        return largest.get();
    }

    /** How many are smaller than {@code limit}. */
    static long countBelow(float[] re, float[] im, double limit) {
        LongAdder count = new LongAdder();
        Ranges.forEach(
                re.length,
                re.length,
                SHORTEST_RANGE,
                (from, to) -> count.add(
                        VectorModule.isPresent()
                                ? VectorSquaredMagnitudes.countBelow(re, im, limit, from, to)
                                : countBelow(re, im, limit, from, to)));
        return count.sum();
    }

    static double largest(float[] re, float[] im, int from, int to) {
        double largest = 0;
        for (int i = from; i < to; i++) {
            double square = (double) re[i] * re[i] + (double) im[i] * im[i];
            // Math.max takes ten times as long, for NaN and -0, which are not here.
            if (square > largest) {
                largest = square;
            }
        }
        return largest;
    }

    static int countBelow(float[] re, float[] im, double limit, int from, int to) {
        int below = 0;
        for (int i = from; i < to; i++) {
            if ((double) re[i] * re[i] + (double) im[i] * im[i] < limit) {
                below++;
            }
        }
        return below;
    }
}
