package dev.phasor;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The heap that work holds at once: the most in use after a collection, of collections as many as there is time for.
 */
public final class LiveHeap {

    private LiveHeap() {}

    /** Bytes that the work holds at once, its result included. What is held for a moment only may be missed. */
    public static long heldBy(Supplier<?> work) throws InterruptedException {
        long before = inUse();
        AtomicBoolean running = new AtomicBoolean(true);
        LongAccumulator most = new LongAccumulator(Math::max, 0);
        Thread collecting = new Thread(() -> {
            while (running.get()) {
                long start = System.nanoTime();
                most.accumulate(inUse());
                // As long for the work as for the collection, or there is none to see.
                LockSupport.parkNanos(System.nanoTime() - start);
            }
        });
        collecting.start();
        Object result = work.get();
        running.set(false);
        collecting.join();
        most.accumulate(inUse());
        Reference.reachabilityFence(result);
        return most.get() - before;
    }

    private static long inUse() {
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }
}
