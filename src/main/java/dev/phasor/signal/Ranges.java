package dev.phasor.signal;

import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/** Splits work over threads where that pays: handing over costs 50-100 us, some 256k elements' worth. */
public final class Ranges {

    private static final long WORTH_SPLITTING = 1 << 18;

    private Ranges() {}

    /** What is done with the elements {@code from} to {@code to} - 1. */
    @FunctionalInterface
    public interface Body {
        void run(int from, int to);
    }

    /**
     * Runs {@code body} over disjoint ranges that cover 0..count - 1, in parallel where {@code elements}, the work in all,
     * is worth it. The result must not depend on where the cuts are.
     *
     * @param smallest no range but the last is shorter
     */
    public static void forEach(int count, long elements, int smallest, Body body) {
        int threads = ForkJoinPool.getCommonPoolParallelism() + 1;
        int most = (int) Math.min(4L * threads, count / Math.max(1, smallest));
        if (elements < WORTH_SPLITTING || threads == 1 || most < 2) {
            body.run(0, count);
            return;
        }
        IntStream.range(0, most)
                .parallel()
                .forEach(i -> body.run((int) ((long) count * i / most), (int) (count * (i + 1L) / most)));
    }
}
