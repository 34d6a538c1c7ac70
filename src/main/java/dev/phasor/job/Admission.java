package dev.phasor.job;

import dev.phasor.compute.BusyException;
import dev.phasor.job.Holdings.Held;
import dev.phasor.job.RefusedJobException.Code;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Whether a job may come in. The limits of a client and of all hold for bodies too that are still coming, to this
 * process; and jobs come in one after another, so that many at once are not more than may. Thread-safe.
 */
final class Admission {

    /** The most bytes of a body that are claimed before they have come. */
    private static final long STEP = 1L << 24;

    /** Seconds that one waits while others ask the database. */
    private static final int PATIENCE = 10;

    private final JobSettings settings;
    private final Questions questions;
    private final ReentrantLock turn = new ReentrantLock();
    private final Map<String, Long> coming = new HashMap<>();

    Admission(JobSettings settings, Questions questions) {
        this.settings = settings;
        this.questions = questions;
    }

    /** Asks the database what is held. */
    interface Questions {
        Held ask(Function<Holdings, Held> question);
    }

    /**
     * A body begins to come.
     *
     * @throws RefusedJobException if its client holds as much as one may
     * @throws BusyException if all do
     */
    Coming begin(String client) {
        inTurn(() -> check(client, 0));
        return new Coming(client);
    }

    /**
     * What may come.
     *
     * @param open jobs of the client that have not ended
     * @param bytesLeft that the client may still send
     */
    private record Room(long open, long bytesLeft) {}

    private Room check(String client, long more) {
        Held all = questions.ask(Holdings::ofAll);
        Held own = questions.ask(holdings -> holdings.ofClient(client));
        long bytes = own.bytes() + coming.getOrDefault(client, 0L);
        long bytesOfAll = all.bytes()
                + coming.values().stream().mapToLong(Long::longValue).sum();
        long most = settings.bytesOfClient().toBytes();
        long mostOfAll = settings.bytes().toBytes();
        if (own.open() >= settings.ofClient()) {
            throw new RefusedJobException(
                    Code.TOO_MANY_REQUESTS,
                    "a client may have " + settings.ofClient() + " jobs that have not ended (phasor.jobs.of-client),"
                            + " and has them: wait for one, or DELETE one");
        }
        if (bytes + more > most) {
            throw new RefusedJobException(
                    Code.TOO_MANY_REQUESTS,
                    "the bodies and answers of a client's jobs may take " + most
                            + " bytes (phasor.jobs.bytes-of-client), and take " + bytes
                            + ": DELETE an ended job with forget=true");
        }
        if (all.open() >= settings.queue() || bytesOfAll + more > mostOfAll) {
            throw new BusyException("the service keeps " + all.open() + " jobs that have not ended, of at most "
                    + settings.queue() + " (phasor.jobs.queue), and " + bytesOfAll + " bytes, of at most " + mostOfAll
                    + " (phasor.jobs.bytes)");
        }
        return new Room(own.open(), Math.min(most - bytes, mostOfAll - bytesOfAll));
    }

    private <T> T inTurn(Supplier<T> action) {
        try {
            if (!turn.tryLock(PATIENCE, TimeUnit.SECONDS)) {
                throw new BusyException("too many jobs are being sent at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusyException("the service is stopping");
        }
        try {
            return action.get();
        } finally {
            turn.unlock();
        }
    }

    /** A body that is coming. Not thread-safe: it has one reader. */
    final class Coming implements AutoCloseable {

        private final String client;
        private long claimed;
        private long used;

        private Coming(String client) {
            this.client = client;
        }

        /**
         * Counts bytes that are about to be kept.
         *
         * @throws RefusedJobException if its client would hold more than one may
         * @throws BusyException if all would
         */
        void take(long bytes) {
            long needed = used + bytes - claimed;
            if (needed > 0) {
                inTurn(() -> {
                    Room room = check(client, needed);
                    // A body that has come far is asked for less often.
                    long ahead = Math.max(needed, Math.min(used, STEP));
                    return claim(Math.min(ahead, room.bytesLeft()));
                });
            }
            used += bytes;
        }

        private long claim(long bytes) {
            claimed += bytes;
            return coming.merge(client, bytes, Long::sum);
        }

        /**
         * Lets the job in, if there is room for it still.
         *
         * @param insert tells the database, given how many jobs of the client have not ended
         * @return what that returned
         */
        <T> T admit(IntFunction<T> insert) {
            return inTurn(() -> {
                T job = insert.apply(
                        (int) Math.min(Short.MAX_VALUE, check(client, 0).open()));
                leave();
                return job;
            });
        }

        private void leave() {
            coming.computeIfPresent(client, (name, bytes) -> bytes == claimed ? null : bytes - claimed);
            claimed = 0;
        }

        /** What has come counts no more, here. */
        @Override
        public void close() {
            turn.lock();
            try {
                leave();
            } finally {
                turn.unlock();
            }
        }
    }
}
