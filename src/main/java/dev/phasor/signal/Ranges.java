package dev.phasor.signal;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Splits work over threads if it is large: a handover costs 50-100 us, as much as about 256k elements. What is split
 * has ended on every thread when a method returns or throws, so that its caller may give back what it used. Of the
 * parts that fail the first in their order tells why, on any number of threads.
 */
public final class Ranges {

    private static final long WORTH_SPLITTING = 1 << 18;

    /** Elements of a range, approximately at most: about 10 ms of work, which cancellation must wait for. */
    private static final long UNCANCELLABLE = 1 << 21;

    /** Elements between two checks for cancellation: about 16 ms if an element costs a microsecond. */
    private static final int STEP = 1 << 14;

    /** Set on a thread whose work is not split. */
    private static final ThreadLocal<Boolean> ALONE = new ThreadLocal<>();

    private Ranges() {}

    /** Runs work that is not split, whatever the pool: it holds the memory of one thread. */
    public static void alone(Runnable work) {
        if (ALONE.get() != null) {
            work.run();
            return;
        }
        ALONE.set(true);
        try {
            work.run();
        } finally {
            ALONE.remove();
        }
    }

    /** Processes the elements {@code from}..{@code to} - 1. */
    @FunctionalInterface
    public interface Body {
        void run(int from, int to);
    }

    /**
     * Runs {@code body} over disjoint ranges that cover 0..count - 1. If {@code elements}, the total work, is large
     * enough, the ranges run in parallel on the threads of the calling pool. The result must not depend on the ranges'
     * borders.
     *
     * @param smallest the least length of a range, if there is more than one
     */
    public static void forEach(int count, long elements, int smallest, Body body) {
        Cancellation.current().check();
        int threads = threads();
        int most = (int) Math.min(Math.max(4L * threads, elements / UNCANCELLABLE), count / Math.max(1, smallest));
        if (elements < WORTH_SPLITTING || most < 2) {
            body.run(0, count);
            return;
        }
        parts(most, true, i -> body.run((int) ((long) count * i / most), (int) (count * (i + 1L) / most)));
    }

    /**
     * Runs {@code body} over ranges that cover 0..count - 1, one after the other on this thread. Cancellation may end
     * the work between two ranges.
     */
    public static void inOrder(int count, Body body) {
        inOrder(count, 1, body);
    }

    /** @param cost of one, in elements of ordinary work */
    public static void inOrder(int count, int cost, Body body) {
        Cancellation wanted = Cancellation.current();
        int step = STEP / cost;
        for (long from = 0; from < count; from += step) {
            wanted.check();
            body.run((int) from, (int) Math.min(count, from + step));
        }
    }

    /** Runs {@code body} for each of 0..count - 1, if {@code split} on the threads of the calling pool. */
    public static void parts(int count, boolean split, IntConsumer body) {
        Parts parts = new Parts(body);
        IntStream all = IntStream.range(0, count);
        (split && threads() > 1 ? all.parallel() : all).forEach(parts::run);
        parts.end();
    }

    /**
     * Runs {@code body} for each of 0..count - 1. At most as many run at once as the pool has threads, so their memory
     * is bounded. The body may split its work further.
     */
    public static void each(int count, IntConsumer body) {
        Parts parts = new Parts(body);
        AtomicInteger next = new AtomicInteger();
        IntStream.range(0, Math.min(count, threads())).parallel().forEach(worker -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                parts.run(i);
            }
        });
        parts.end();
    }

    /** Sorts {@code values[0]}..{@code values[count - 1]}, on this thread if its work is {@link #alone}. */
    public static void sort(long[] values, int count) {
        if (threads() > 1) {
            Arrays.parallelSort(values, 0, count);
        } else {
            Arrays.sort(values, 0, count);
        }
    }

    /** The number of threads of the calling pool; 1 for work that is {@link #alone}. */
    public static int threads() {
        if (ALONE.get() != null) {
            return 1;
        }
        ForkJoinPool pool = ForkJoinTask.getPool();
        return pool == null ? ForkJoinPool.getCommonPoolParallelism() + 1 : pool.getParallelism();
    }

    /**
     * Parts of one work, under the cancellation of the thread that made them. A stream whose body throws does not wait
     * for what its other threads do: so none throws, and what went wrong is thrown at the end.
     */
    private static final class Parts {

        private final Cancellation wanted = Cancellation.current();
        private final IntConsumer body;
        private volatile int failed = Integer.MAX_VALUE;
        private @Nullable Throwable failure;

        Parts(IntConsumer body) {
            this.body = body;
        }

        /** Those after one that failed are left out. */
        void run(int part) {
            if (part > failed) {
                return;
            }
            try {
                wanted.run(() -> body.accept(part));
            } catch (RuntimeException | Error e) {
                fail(part, e);
            }
        }

        private synchronized void fail(int part, Throwable why) {
            if (part < failed) {
                failed = part;
                failure = why;
            }
        }

        void end() {
            if (failure instanceof Error error) {
                throw error;
            } else if (failure instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }
}
