package dev.phasor.web.guard;

import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;

/** Sound files that flow: each computes a block when it has come, and waits for its client in between, holding no thread of the pool. */
public final class Streams {

    private final ForkJoinPool pool;
    private final int most;
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
     * @throws BusyException if as many flow as may at once
     */
    public synchronized Stream open(Patience patience) {
        if (running == most) {
            rejected++;
            throw new BusyException("at most " + most + " files may flow at once (phasor.compute.streams)");
        }
        running++;
        return new Stream(patience);
    }

    private synchronized void leave() {
        running--;
    }

    /** One file. Used by one thread. */
    public final class Stream implements AutoCloseable {

        private final Patience patience;

        private Stream(Patience patience) {
            this.patience = patience;
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
            Job<T> job = new Job<>(computation);
            pool.execute(job);
            return patience.await(job);
        }

        @Override
        public void close() {
            leave();
        }
    }
}
