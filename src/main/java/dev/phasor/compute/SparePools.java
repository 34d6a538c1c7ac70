package dev.phasor.compute;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Threads for what is begun beside others that last, made when first needed. Its owner's lock guards it. */
final class SparePools {

    private final Supplier<ForkJoinPool> threads;
    private final int most;
    private final List<ForkJoinPool> made = new ArrayList<>();
    private final Deque<ForkJoinPool> idle = new ArrayDeque<>();

    /**
     * @param threads makes a pool
     * @param most pools at once
     */
    SparePools(Supplier<ForkJoinPool> threads, int most) {
        this.threads = threads;
        this.most = most;
    }

    /** A pool that nothing runs on; null if there are as many as there may be. */
    @Nullable
    ForkJoinPool take() {
        if (idle.isEmpty() && made.size() < most) {
            ForkJoinPool pool = threads.get();
            made.add(pool);
            return pool;
        }
        return idle.poll();
    }

    void give(ForkJoinPool pool) {
        idle.add(pool);
    }

    /** Pools that something runs on. */
    int taken() {
        return made.size() - idle.size();
    }

    void stop() {
        made.forEach(ForkJoinPool::shutdownNow);
    }
}
