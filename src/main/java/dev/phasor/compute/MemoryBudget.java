package dev.phasor.compute;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all requests being answered may hold together. A request reserves an estimate before it takes memory,
 * so that no mix of requests runs the heap out.
 */
public final class MemoryBudget {

    private final long capacity;
    private final AtomicLong reserved = new AtomicLong();
    private final long ofRequest;
    private final long ofClient;
    private final Shares clients = new Shares();

    /** @param capacity in bytes, which one request may hold */
    public MemoryBudget(long capacity) {
        this(capacity, capacity, capacity);
    }

    private MemoryBudget(long capacity, long ofRequest, long ofClient) {
        this.capacity = capacity;
        this.ofRequest = Math.min(ofRequest, ofClient);
        this.ofClient = ofClient;
    }

    /**
     * The part of this process's heap that requests may hold.
     *
     * @param share in percent of the heap
     * @param ofRequest in percent of that, what one request may hold
     * @param ofClient in percent of that, what one client may hold
     */
    public static MemoryBudget ofHeap(int share, int ofRequest, int ofClient) {
        long percent = Runtime.getRuntime().maxMemory() / 100 * share / 100;
        return new MemoryBudget(100 * percent, percent * ofRequest, percent * ofClient);
    }

    public long capacity() {
        return capacity;
    }

    public long reserved() {
        return reserved.get();
    }

    /** The reservation of a request that is nobody's, empty at first. */
    public Reservation open() {
        return open("");
    }

    /**
     * A request's reservation, empty at first and given back by {@link Reservation#close}.
     *
     * @param client whose work it is, where what one client may take is counted
     */
    public Reservation open(String client) {
        return new Reservation(client);
    }

    /** What one request holds. Used by one thread at a time. */
    public final class Reservation implements AutoCloseable {

        private final String client;
        private long held;

        private Reservation(String client) {
            this.client = client;
        }

        /** Whose it is. */
        public String client() {
            return client;
        }

        /** Gives back all but so many bytes: what came is let go, and what is answered waits for its reader. */
        public void keep(long bytes) {
            giveBack(Math.max(0, held - bytes));
        }

        private void giveBack(long bytes) {
            long given = Math.min(bytes, held);
            held -= given;
            reserved.addAndGet(-given);
            clients.give(client, given);
        }

        /**
         * Reserves more.
         *
         * @param bytes what the next step takes
         * @param what the step, for the message
         * @throws InvalidInputException {@code TOO_LARGE} if the request would need more than one may hold
         * @throws BusyException if others, or the client's other requests, hold what it needs
         */
        public void add(long bytes, String what) {
            if (bytes > ofRequest - held) {
                throw new InvalidInputException(
                        Code.TOO_LARGE,
                        what + " needs about " + (held + bytes) + " bytes of memory, and one request may take "
                                + ofRequest + " (phasor.connection.memory-share): send less at once, or ask for less");
            }
            if (!clients.take(client, bytes, ofClient, capacity)) {
                throw new BusyException(what + " needs about " + bytes + " bytes of memory, and one client may take "
                        + 100 * ofClient / capacity + " % of what others leave (phasor.client.memory-share)");
            }
            long now = reserved.addAndGet(bytes);
            if (now > capacity) {
                reserved.addAndGet(-bytes);
                clients.give(client, bytes);
                throw new BusyException(what + " needs about " + bytes + " bytes of memory, and "
                        + (capacity - (now - bytes)) + " are free now");
            }
            held += bytes;
        }

        @Override
        public void close() {
            giveBack(held);
        }
    }
}
