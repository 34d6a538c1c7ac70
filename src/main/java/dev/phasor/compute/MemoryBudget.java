package dev.phasor.compute;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all requests being answered may hold together. A request reserves an estimate before it allocates, so
 * no combination of requests exhausts the heap.
 */
public final class MemoryBudget {

    private final long capacity;
    private final AtomicLong reserved = new AtomicLong();
    private final long ofRequest;
    private final long ofClient;
    private final Shares clients = new Shares();

    /** @param capacity in bytes; one request may hold all of it */
    public MemoryBudget(long capacity) {
        this(capacity, capacity, capacity);
    }

    private MemoryBudget(long capacity, long ofRequest, long ofClient) {
        this.capacity = capacity;
        this.ofRequest = Math.min(ofRequest, ofClient);
        this.ofClient = ofClient;
    }

    /**
     * The part of this process's heap for requests.
     *
     * @param share percent of the heap
     * @param ofRequest percent of that part that one request may hold
     * @param ofClient percent of that part that one client may hold
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

    /** An empty reservation without a client. */
    public Reservation open() {
        return open("");
    }

    /**
     * An empty reservation of a request, to be returned by {@link Reservation#close}.
     *
     * @param client owner of the request, for the limits of one client
     */
    public Reservation open(String client) {
        return new Reservation(client);
    }

    /** The bytes that one request holds. Used by one thread at a time. */
    public final class Reservation implements AutoCloseable {

        private final String client;
        private long held;

        private Reservation(String client) {
            this.client = client;
        }

        /** The owner of the request. */
        public String client() {
            return client;
        }

        /** Returns all but {@code bytes} bytes: the input is released, and the answer waits for its reader. */
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
         * Reserves more bytes.
         *
         * @param bytes memory of the next step
         * @param what the step, for the message
         * @throws InvalidInputException {@code TOO_LARGE} if the request would exceed the limit of one request
         * @throws BusyException if other requests hold the memory, or the client would exceed its share
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
