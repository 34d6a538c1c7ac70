package dev.phasor.signal;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Splits work over threads where that pays: handing over costs 50-100 us, some 256k elements' worth. */
public final class Ranges {

    private static final long WORTH_SPLITTING = 1 << 18;

    /** Elements that no range exceeds much: some 10 ms, after which cancelled work ends. */
    private static final long UNCANCELLABLE = 1 << 21;

    /** Elements between two looks at whether the work is still wanted, where one may cost a microsecond: some 16 ms. */
    private static final int STEP = 1 << 14;

    private Ranges() {}

    /** What is done with the elements {@code from} to {@code to} - 1. */
    @FunctionalInterface
    public interface Body {
        void run(int from, int to);
    }

    /**
     * Runs {@code body} over disjoint ranges that cover 0..count - 1, in parallel where {@code elements}, the work in
     * all, is worth it, by as many threads as the pool has in which it is called. The result must not depend on where
     * the cuts are.
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

    /**
     * Runs {@code body} over ranges that cover 0..count - 1, one after the other on this thread. The work may end
     * between two of them.
     */
    public static void inOrder(int count, Body body) {
        Cancellation wanted = Cancellation.current();
        for (long from = 0; from < count; from += STEP) {
            wanted.check();
            body.run((int) from, (int) Math.min(count, from + STEP));
        }
    }

    /**
     * Runs {@code body} for 0..count - 1, at once for no more than the pool has threads: what each takes of memory can
     * be told. The body may split its work further.
     */
    public static void each(int count, IntConsumer body) {
        Cancellation wanted = Cancellation.current();
        AtomicInteger next = new AtomicInteger();
        IntStream.range(0, Math.min(count, threads()))
                .parallel()
                .forEach(worker -> wanted.run(() -> {
                    try {
                        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                            wanted.check();
                            body.accept(i);
                        }
                    } catch (RuntimeException | Error e) {
                        next.set(count); // the others need not go on
                        throw e;
                    }
                }));
    }

    /** The threads of the pool in which this is called. */
    public static int threads() {
        ForkJoinPool pool = ForkJoinTask.getPool();
        return pool == null ? ForkJoinPool.getCommonPoolParallelism() + 1 : pool.getParallelism();
    }
}
