package dev.phasor.web.guard;

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

    /** @param capacity in bytes */
    public MemoryBudget(long capacity) {
        this.capacity = capacity;
    }

    /** The part of this machine's heap that {@link Limits#memoryShare} allows. */
    public static MemoryBudget ofHeap(Limits limits) {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / 100 * limits.memoryShare());
    }

    public long capacity() {
        return capacity;
    }

    public long reserved() {
        return reserved.get();
    }

    /** A request's reservation, empty at first and given back by {@link Reservation#close}. */
    public Reservation open() {
        return new Reservation();
    }

    /** What one request holds. Used by one thread at a time. */
    public final class Reservation implements AutoCloseable {

        private long held;

        private Reservation() {}

        /**
         * Reserves more.
         *
         * @param bytes what the next step takes
         * @param what the step, for the message
         * @throws InvalidInputException {@code TOO_LARGE} if the request would need more than there is in all
         * @throws BusyException if others hold what it needs
         */
        public void add(long bytes, String what) {
            if (bytes > capacity - held) {
                throw new InvalidInputException(
                        Code.TOO_LARGE,
                        what + " needs about " + (held + bytes) + " bytes of memory, and one request may take "
                                + capacity);
            }
            long now = reserved.addAndGet(bytes);
            if (now > capacity) {
                reserved.addAndGet(-bytes);
                throw new BusyException(what + " needs about " + bytes + " bytes of memory, and "
                        + (capacity - (now - bytes)) + " are free now");
            }
            held += bytes;
        }

        @Override
        public void close() {
            reserved.addAndGet(-held);
            held = 0;
        }
    }
}
