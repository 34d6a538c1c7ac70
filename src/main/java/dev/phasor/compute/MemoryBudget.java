package dev.phasor.compute;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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
     * Heap that no request reserves: classes, the buffers of connections and threads, and what one collection leaves to
     * the next. An idle service holds 28 to 40 MB of it.
     */
    private static final long BASE = 32L << 20;

    /**
     * The part of this process's heap for requests: a share of all but the {@link #BASE}.
     *
     * @param share percent of the heap
     * @param ofRequest percent of that part that one request may hold
     * @param ofClient percent of that part that one client may hold
     */
    public static MemoryBudget ofHeap(int share, int ofRequest, int ofClient) {
        long percent = Math.max(0, Runtime.getRuntime().maxMemory() - BASE) / 100 * share / 100;
        return new MemoryBudget(100 * percent, percent * ofRequest, percent * ofClient);
    }

    public long capacity() {
        return capacity;
    }

    public long reserved() {
        return reserved.get();
    }

    /**
     * The buffers of a request in progress: the server's, a decompressor's, a writer's. 120 to 220 KB were live of each
     * with a body buffer of 64 KB; it is 16 now.
     */
    static final long REQUEST = 160 << 10;

    /**
     * A reservation of a request that a connection brought: it holds {@link #REQUEST} from the start.
     *
     * @param client owner of the request
     * @throws BusyException as {@link Reservation#add}
     */
    public Reservation openRequest(String client) {
        Reservation reservation = open(client);
        reservation.add(REQUEST, "a request");
        reservation.buffers = REQUEST;
        return reservation;
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
        return new Reservation(client, null);
    }

    /**
     * What may hold a part of the bytes together.
     *
     * @param percent of the capacity
     * @param who holds it, for the message
     * @param setting name of the setting behind {@code percent}
     */
    public Part part(int percent, String who, String setting) {
        return new Part(percent, who, setting);
    }

    /** Those that may hold only a part of the bytes together. */
    public final class Part {

        private final long most;
        private final String rule;
        private final Shares shares = new Shares();

        private Part(int percent, String who, String setting) {
            most = MemoryBudget.this.capacity / 100 * percent;
            rule = who + " may hold " + percent + " % of the memory together (" + setting + "), those of one client "
                    + 100 * ofClient / capacity + " % of what others leave of it (phasor.client.memory-share)";
        }

        /** {@link MemoryBudget#open(String)} within this part. */
        public Reservation open(String client) {
            return new Reservation(client, this);
        }

        private void take(String client, long bytes, String what) {
            if (!shares.take(client, bytes, (long) ((double) ofClient / capacity * most), most)) {
                throw new BusyException(what + " needs about " + bytes + " bytes of memory, and " + rule);
            }
        }
    }

    /** The bytes that one request holds. Thread-safe: some come while others are read. */
    public final class Reservation implements AutoCloseable {

        private final String client;
        private long held;
        /** Held to the end. */
        private long buffers;
        /** Reserved beside the buffers whether it is held or not. */
        private long aside;
        /** Of the budget, for what is held and set aside. */
        private long taken;

        private final @Nullable Part part;

        private Reservation(String client, @Nullable Part part) {
            this.client = client;
            this.part = part;
        }

        /**
         * Bytes that may be taken for what is promised and has not come: so many percent of all, and none while a
         * quarter of all is taken, so that promises alone cannot take more than that.
         */
        public long ahead(int percent) {
            return reserved.get() < capacity / 4 ? capacity / 100 * percent : 0;
        }

        /** The owner of the request. */
        public String client() {
            return client;
        }

        /**
         * Holds {@code bytes} bytes and its buffers from now on: the input is released, and the answer waits for its
         * reader.
         *
         * @param what the answer, for the message
         * @throws InvalidInputException as {@link #add}, and so is BusyException, where an answer takes more than was
         *     reserved for it
         */
        public synchronized void keep(long bytes, String what) {
            long wanted = buffers + bytes;
            if (wanted > held) {
                add(wanted - held, what);
            } else {
                release(held - wanted);
            }
        }

        /** {@link #keep} where an answer has gone already: it is held as far as it is reserved. */
        public synchronized void keepAtMost(long bytes) {
            release(Math.max(0, held - buffers - bytes));
        }

        /** Holds {@code bytes} bytes less from now on. */
        public synchronized void release(long bytes) {
            held -= Math.min(bytes, held);
            giveBack();
        }

        /**
         * Reserves bytes from now on whether they are held or not, in the place of those set aside before: what is
         * added later is taken from them first.
         *
         * @param what they are for, for the message
         * @throws InvalidInputException as {@link #add}, and so is BusyException; then nothing has changed
         */
        public synchronized void setAside(long bytes, String what) {
            if (buffers + bytes > taken) {
                take(buffers + bytes - taken, what);
            }
            aside = bytes;
            giveBack();
        }

        private void giveBack() {
            long given = taken - Math.max(held, buffers + aside);
            taken -= given;
            if (part != null) {
                part.shares.give(client, given);
            }
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
        public synchronized void add(long bytes, String what) {
            if (held + bytes > taken) {
                take(held + bytes - taken, what);
            }
            held += bytes;
        }

        private void take(long bytes, String what) {
            if (bytes > ofRequest - taken) {
                throw new InvalidInputException(
                        Code.TOO_LARGE,
                        what + " needs about " + (taken + bytes) + " bytes of memory, and one request may take "
                                + ofRequest + " (phasor.connection.memory-share): send less at once, or ask for less");
            }
            if (part != null) {
                part.take(client, bytes, what);
            }
            boolean added = false;
            try {
                reserve(bytes, what);
                added = true;
            } finally {
                if (!added && part != null) {
                    part.shares.give(client, bytes);
                }
            }
            taken += bytes;
        }

        private void reserve(long bytes, String what) {
            if (!clients.take(client, bytes, ofClient, capacity)) {
                throw new BusyException(what + " needs about " + bytes + " bytes of memory beside the " + taken
                        + " that the request holds, and one client may take "
                        + 100 * ofClient / capacity + " % of what others leave (phasor.client.memory-share)");
            }
            long before = reserved.getAndUpdate(now -> bytes > capacity - now ? now : now + bytes);
            if (bytes > capacity - before) {
                clients.give(client, bytes);
                throw new BusyException(what + " needs about " + bytes + " bytes of memory beside the " + taken
                        + " that the request holds, and "
                        + (capacity - before) + " are free now");
            }
        }

        @Override
        public synchronized void close() {
            held = 0;
            buffers = 0;
            aside = 0;
            giveBack();
        }
    }
}
