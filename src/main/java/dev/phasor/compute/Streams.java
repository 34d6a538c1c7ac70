package dev.phasor.compute;

import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;

/**
 * Sound files that flow: each computes a block when it has come, and waits for its client in between, holding no thread
 * of the pool.
 */
public final class Streams {

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

    /** Refused since the start. */
    public synchronized long rejected() {
        return rejected;
    }

    /**
     * @param patience with all blocks together
     * @param client whose work it is, where what one client may take is counted
     * @param ofOne files of one client that may flow at once
     * @throws BusyException if as many flow as may at once
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

    private synchronized void leave(String client) {
        running--;
        clients.give(client, 1);
    }

    /** One file. Used by one thread. */
    public final class Stream implements AutoCloseable {

        private final Patience patience;
        private final String client;

        private Stream(Patience patience, String client) {
            this.patience = patience;
            this.client = client;
        }

        /**
         * Computes a block's part in the pool, and waits for it.
         *
         * @throws BusyException if all took longer than the timeout
         * @throws ClientGoneException if the client is gone; the work has ended
         */
        public void run(Runnable computation) {
            call(() -> {
                computation.run();
                return true;
            });
        }

        /** {@link #run} of what has a result. */
        public <T> T call(Supplier<T> computation) {
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
