package dev.phasor.signal;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.stream.IntStream;

/** Splits work over threads where that pays: handing over costs 50-100 us, some 256k elements' worth. */
public final class Ranges {

    private static final long WORTH_SPLITTING = 1 << 18;

    /** Elements that no range exceeds much: some 10 ms, after which cancelled work ends. */
    private static final long UNCANCELLABLE = 1 << 21;

    private Ranges() {}

    /** What is done with the elements {@code from} to {@code to} - 1. */
    @FunctionalInterface
    public interface Body {
        void run(int from, int to);
    }

    /**
     * Runs {@code body} over disjoint ranges that cover 0..count - 1, in parallel where {@code elements}, the work in all,
     * is worth it, by as many threads as the pool has in which it is called. The result must not depend on where the cuts are.
     *
     * @param smallest no range but the last is shorter
     */
    public static void forEach(int count, long elements, int smallest, Body body) {
        Cancellation wanted = Cancellation.current();
        wanted.check();
        int threads = threads();
        int most = (int) Math.min(Math.max(4L * threads, elements / UNCANCELLABLE), count / Math.max(1, smallest));
        if (elements < WORTH_SPLITTING || most < 2) {
            body.run(0, count);
            return;
        }
        IntStream ranges = IntStream.range(0, most);
        (threads == 1 ? ranges : ranges.parallel())
                .forEach(i ->
                        wanted.run(() -> body.run((int) ((long) count * i / most), (int) (count * (i + 1L) / most))));
    }

    private static int threads() {
        ForkJoinPool pool = ForkJoinTask.getPool();
        return pool == null ? ForkJoinPool.getCommonPoolParallelism() + 1 : pool.getParallelism();
    }
}
