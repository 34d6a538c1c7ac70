package dev.phasor.compute;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sound files that are streamed. Each computes a block when it has arrived, and holds no pool thread while it waits for
 * its client. A block that no thread has begun for {@link #LONG_WAIT}, or that comes while all others have lasted for
 * as long, is computed beside them, one of a client at a time, and the system shares the cores.
 */
public final class Streams {

    /** More than most blocks take; magnitudes in blocks may take minutes. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(2);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ForkJoinPool pool;
    private final SparePools spares;
    private final int most;
    private final Shares clients = new Shares();
    private final Set<String> beside = new HashSet<>();
    /** When the blocks in {@link #pool} were begun, in nanoseconds. */
    private final Map<Computation<?>, Long> blocks = new IdentityHashMap<>();

    private int running;
    private long rejected;

    /**
     * @param threads makes a pool that computes blocks
     * @param spares blocks that may be computed beside the others, each in a pool of its own
     * @param most files at once
     */
    Streams(Supplier<ForkJoinPool> threads, int spares, int most) {
        pool = threads.get();
        this.spares = new SparePools(threads, spares);
        this.most = most;
    }

    public synchronized int running() {
        return running;
    }

    /** Files refused since the start. */
    public synchronized long rejected() {
        return rejected;
    }

    /**
     * @param patience for all blocks together
     * @param client owner of the file, for the limits of one client
     * @param ofOne files that one client may stream at once
     * @throws BusyException if the most files, in total or of this client, are being streamed
     */
    public synchronized Stream open(Patience patience, String client, int ofOne) {
        if (running == most) {
            rejected++;
            throw new BusyException("at most " + most + " files may flow at once (phasor.compute.streams)");
        }
        if (!clients.take(client, 1, Math.min(ofOne, most), most)) {
            rejected++;
            throw new BusyException("at most " + ofOne
                    + " files of one client may flow at once, fewer beside others' (phasor.client.streams)");
        }
        running++;
        return new Stream(patience, client);
    }

    /** Ends the threads. */
    synchronized void stop() {
        pool.shutdownNow();
        spares.stop();
    }

    private void compute(Computation<?> block) {
        synchronized (this) {
            blocks.put(block, System.nanoTime());
        }
        block.run(() -> leave(block));
    }

    private synchronized void leave(Computation<?> block) {
        blocks.remove(block);
    }

    /** Begins a block beside the others if it waits for what lasts. */
    private void besideOthers(Computation<?> block, long since) {
        ForkJoinPool spare;
        synchronized (this) {
            long longAgo = System.nanoTime() - LONG_WAIT.toNanos();
            boolean allLast = !blocks.isEmpty() && blocks.values().stream().allMatch(begun -> begun - longAgo < 0);
            boolean waits = !block.isBegun() && (allLast || since - longAgo < 0) && !beside.contains(block.client());
            @Nullable ForkJoinPool free = waits ? spares.take() : null;
            if (free == null) {
                return;
            }
            spare = free;
            beside.add(block.client());
        }
        spare.execute(() -> block.run(() -> leave(block, spare)));
    }

    private synchronized void leave(Computation<?> block, ForkJoinPool spare) {
        spares.give(spare);
        beside.remove(block.client());
    }

    private synchronized void leave(String client) {
        running--;
        clients.give(client, 1);
    }

    /** A block that is computed meanwhile. Closed, its work has ended. */
    public interface Block<T> extends AutoCloseable {

        /**
         * Waits for it.
         *
         * @throws BusyException if all blocks together took longer than the timeout
         * @throws ClientGoneException if the client is gone; the work has ended
         */
        T await();

        @Override
        void close();
    }

    /** One file. Used by one thread. */
    public final class Stream implements AutoCloseable {

        private final Patience patience;
        private final String client;
        private long worked = THREADS.getCurrentThreadCpuTime();

        private Stream(Patience patience, String client) {
            this.patience = patience;
            this.client = client;
        }

        /**
         * Computes a block in the pool, and waits for it.
         *
         * @throws BusyException as {@link Block#await}, and {@link ClientGoneException}
         */
        public void run(Runnable computation) {
            call(() -> {
                computation.run();
                return true;
            });
        }

        /** {@link #run} with a result. */
        public <T> T call(Supplier<T> computation) {
            return begin(computation).await();
        }

        /** Computes a block in the pool, while this thread reads the next one and writes the one before. */
        public <T> Block<T> begin(Supplier<T> computation) {
            // Decoding and encoding are work too; the time in which bytes are waited for is not.
            long now = THREADS.getCurrentThreadCpuTime();
            patience.spend(now - worked);
            worked = now;
            Computation<T> block = new Computation<>(client, computation);
            long since = System.nanoTime();
            pool.execute(() -> compute(block));
            besideOthers(block, since);
            return new Block<>() {
                @Override
                public T await() {
                    return patience.await(block, () -> besideOthers(block, since));
                }

                @Override
                public void close() {
                    block.abandon();
                }
            };
        }

        @Override
        public void close() {
            leave(client);
        }
    }
}
