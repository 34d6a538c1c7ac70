package dev.phasor.compute;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.Supplier;

/**
 * Where requests are computed, apart from the container's threads, which only decode, wait and encode. Large requests
 * have a pool of a thread a core, in which each splits its work; small ones have threads of their own, so that they
 * never wait for a large one; and the blocks of flowing files go between the parts of the large ones, to the threads
 * that no large request began on. The threads for large ones have the least priority, which the JVM passes on where
 * {@code -XX:ThreadPriorityPolicy=1} tells it to.
 */
public final class ComputePool implements AutoCloseable {

    private final int smallWork;
    private final ForkJoinPool smallPool;
    private final ForkJoinPool largePool;
    private final Lane small;
    private final Lane large;
    private final Streams streams;

    public ComputePool(ComputeSettings settings, ClientLimits client) {
        int threads = settings.largeLaneThreads();
        int smallThreads = settings.smallLaneThreads();
        smallWork = settings.smallWork();
        smallPool = pool("small", smallThreads, Thread.NORM_PRIORITY);
        largePool = pool("large", threads, Thread.MIN_PRIORITY);
        small = new Lane(
                "small",
                "phasor.compute.small-queue",
                smallPool,
                smallThreads,
                settings.smallQueue(),
                client.places(settings.smallQueue()));
        large = new Lane(
                "large",
                "phasor.compute.large-queue",
                largePool,
                Math.max(1, threads - 1),
                settings.largeQueue(),
                client.places(settings.largeQueue()));
        streams = new Streams(largePool, settings.streams());
    }

    private static ForkJoinPool pool(String name, int threads, int priority) {
        ClassLoader loader = ComputePool.class.getClassLoader();
        return new ForkJoinPool(
                threads,
                pool -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
                    thread.setName("compute-" + name + "-" + thread.getPoolIndex());
                    thread.setContextClassLoader(loader);
                    thread.setPriority(priority);
                    return thread;
                },
                null,
                false);
    }

    /** The most that work for one request at once. */
    public int threads() {
        return Math.max(smallPool.getParallelism(), largePool.getParallelism());
    }

    /** The lanes in which whole requests run. */
    public List<Lane> lanes() {
        return List.of(small, large);
    }

    /** The files that flow. */
    public Streams streams() {
        return streams;
    }

    /**
     * Computes in the lane for so much work, and waits for it.
     *
     * @param client whose work it is, where what one client may take is counted
     * @param work values of spectrograms times the passes over them
     * @throws BusyException if too many wait in that lane, or it took longer than the timeout
     * @throws ClientGoneException if the client is gone; the work has ended
     */
    public <T> T run(String client, long work, Patience patience, Supplier<T> computation) {
        Computation<T> job = new Computation<>(client, computation);
        Lane lane = work <= smallWork ? small : large;
        lane.submit(job);
        try {
            return patience.await(job);
        } finally {
            lane.withdraw(job);
        }
    }

    @Override
    public void close() {
        smallPool.shutdownNow();
        largePool.shutdownNow();
    }
}
