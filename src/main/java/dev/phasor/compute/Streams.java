package dev.phasor.compute;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;

/**
 * Sound files that are streamed. Each computes a block when it has arrived, and holds no pool thread while it waits for
 * its client.
 */
public final class Streams {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ForkJoinPool pool;
    private final int most;
    private final Shares clients = new Shares();
    private int running;
    private long rejected;

    Streams(ForkJoinPool pool, int most) {
        this.pool = pool;
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
    void stop() {
        pool.shutdownNow();
    }

    private synchronized void leave(String client) {
        running--;
        clients.give(client, 1);
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
         * @throws BusyException if all blocks together took longer than the timeout
         * @throws ClientGoneException if the client is gone; the work has ended
         */
        public void run(Runnable computation) {
            call(() -> {
                computation.run();
                return true;
            });
        }

        /** {@link #run} with a result. */
        public <T> T call(Supplier<T> computation) {
            // Decoding and encoding are work too; the time in which bytes are waited for is not.
            long now = THREADS.getCurrentThreadCpuTime();
            patience.spend(now - worked);
            worked = now;
            Computation<T> job = new Computation<>(client, computation);
            pool.execute(job);
            return patience.await(job);
        }

        @Override
        public void close() {
            leave(client);
        }
    }
}
