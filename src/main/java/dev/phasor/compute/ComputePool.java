package dev.phasor.compute;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.Supplier;

/**
 * Computes requests apart from the container's threads, which only decode, wait and encode. Large requests share a pool
 * with one thread per core and split their work in it. Small requests have threads of their own, so they never wait for
 * a large one. Blocks of streamed files run between the parts of large requests, on threads that start no large
 * request. Threads for large requests have the least priority; the JVM passes it to the system if started with
 * {@code -XX:ThreadPriorityPolicy=1}.
 */
public final class ComputePool implements AutoCloseable {

    private final int smallWork;
    private final int threads;
    private final Lane small;
    private final Lane large;
    private final Streams streams;

    public ComputePool(ComputeSettings settings, ClientLimits client) {
        int largeThreads = settings.largeLaneThreads();
        int smallThreads = settings.smallLaneThreads();
        smallWork = settings.smallWork();
        threads = Math.max(smallThreads, largeThreads);
        small = new Lane(
                "small",
                "phasor.compute.small-queue",
                () -> pool("small", smallThreads, Thread.NORM_PRIORITY),
                smallThreads,
                settings.smallQueue(),
                client.places(settings.smallQueue()),
                settings.beside());
        large = new Lane(
                "large",
                "phasor.compute.large-queue",
                () -> pool("large", largeThreads, Thread.MIN_PRIORITY),
                settings.largeSlots(),
                settings.largeQueue(),
                client.places(settings.largeQueue()),
                settings.beside());
        // Of their own, since the items of one large request take all threads of its lane for as long as they last.
        streams = new Streams(
                () -> pool("stream", largeThreads, Thread.MIN_PRIORITY), settings.beside(), settings.streams());
    }

    static ForkJoinPool pool(String name, int threads, int priority) {
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

    /** The most threads that work for one request at once. */
    public int threads() {
        return threads;
    }

    /** The lanes that whole requests run in. */
    public List<Lane> lanes() {
        return List.of(small, large);
    }

    /** The files that are streamed. */
    public Streams streams() {
        return streams;
    }

    /**
     * Computes in the lane for this amount of work, and waits for the result.
     *
     * @param client owner of the work, for the limits of one client
     * @param work values of spectrograms times the passes over them
     * @throws BusyException if too many requests wait in the lane, or the timeout is over
     * @throws ClientGoneException if the client is gone; the work has ended
     */
    public <T> T run(String client, long work, Patience patience, Supplier<T> computation) {
        return (work <= smallWork ? small : large).run(client, patience, computation);
    }

    @Override
    public void close() {
        small.stop();
        large.stop();
        streams.stop();
    }
}
