package dev.phasor.web.session;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Who computes: of one client as many sessions at once as there are cores, and one more of the others, in the order in
 * which they ask. A turn lasts a few milliseconds, so a session waits for a few of each other.
 */
final class LiveTurns {

    private static final long LOOK_MILLIS = 50;

    /** A turn that lasts longer is given up when its work looks up: a fifth of what a hop usually lasts. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final int places = Runtime.getRuntime().availableProcessors() + 1;
    private final Places all = new Places(places);
    private final Map<String, Client> clients = new HashMap<>();

    /** The places of one client, and its sessions that wait for one or hold it. */
    private static final class Client {

        private final Places places;
        private int sessions;

        private Client(int places) {
            this.places = new Places(places);
        }
    }

    /** Of a session: it takes turns, and gives them back while it sends. Used by one thread at a time. */
    final class Seat {

        private final String client;
        private final Cancellation wanted;
        private final Runnable look;
        /** What is computed asks it every few milliseconds, whether it answers anything or not. */
        private final Cancellation passing = new Cancellation() {
            @Override
            public void check() {
                wanted.check();
                pass();
            }
        };

        private boolean computing;
        private long since;

        /** @param look is run before each turn and while it is waited for; it may throw */
        Seat(String client, Cancellation wanted, Runnable look) {
            this.client = client;
            this.wanted = wanted;
            this.look = look;
        }

        /**
         * Computes in a turn, or in several if it lasts long, on this thread alone: a turn is that of one core, and the
         * threads that gRPC's calls have are more than a session's memory is counted for.
         *
         * @throws java.util.concurrent.CancellationException if the session is no longer wanted
         */
        void compute(Runnable work) {
            sit();
            try {
                passing.run(() -> Ranges.alone(work));
            } finally {
                rise();
            }
        }

        /** Lets those who wait come before, if this turn lasts long. */
        private void pass() {
            if (computing && System.nanoTime() - since > LONG_NANOS) {
                rise();
                sit();
            }
        }

        /** Does what takes as long as a client likes, in or out of a turn. */
        void await(Runnable work) {
            boolean computed = computing;
            rise();
            work.run();
            wanted.check();
            if (computed) {
                sit();
            }
        }

        private void sit() {
            look.run();
            take(client, wanted, look);
            computing = true;
            since = System.nanoTime();
        }

        private void rise() {
            if (computing) {
                computing = false;
                give(client);
            }
        }
    }

    /**
     * Waits for a turn.
     *
     * @param look is run while it waits; it may throw
     * @throws java.util.concurrent.CancellationException if the session is no longer wanted
     */
    void take(String name, Cancellation wanted, Runnable look) {
        Client client = enter(name);
        try {
            client.places.acquire(wanted, look);
            try {
                all.acquire(wanted, look);
            } catch (RuntimeException e) {
                client.places.release();
                throw e;
            }
        } catch (RuntimeException e) {
            leave(name);
            throw e;
        }
    }

    /** Ends a turn. */
    void give(String name) {
        all.release();
        leave(name).places.release();
    }

    private synchronized Client enter(String name) {
        Client client = clients.computeIfAbsent(name, key -> new Client(places - 1));
        client.sessions++;
        return client;
    }

    private synchronized Client leave(String name) {
        Client client = Objects.requireNonNull(clients.get(name));
        if (--client.sessions == 0) {
            clients.remove(name);
        }
        return client;
    }

    /** Places that are handed on in the order in which they were asked for. */
    private static final class Places {

        private final Queue<CountDownLatch> waiting = new ArrayDeque<>();
        private int free;

        private Places(int free) {
            this.free = free;
        }

        /** Waits for one; who waits keeps their turn while they look. */
        private void acquire(Cancellation wanted, Runnable look) {
            CountDownLatch given = ask();
            try {
                while (!given.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    wanted.check();
                    look.run();
                }
            } catch (RuntimeException e) {
                leave(given);
                throw e;
            } catch (InterruptedException e) {
                leave(given);
                Thread.currentThread().interrupt();
                wanted.cancel();
                wanted.check();
            }
        }

        private synchronized CountDownLatch ask() {
            if (free > 0) {
                free--;
                return new CountDownLatch(0);
            }
            CountDownLatch given = new CountDownLatch(1);
            waiting.add(given);
            return given;
        }

        private synchronized void release() {
            CountDownLatch next = waiting.poll();
            if (next == null) {
                free++;
            } else {
                next.countDown();
            }
        }

        /** Waits no longer; what was given meanwhile is handed on. */
        private synchronized void leave(CountDownLatch given) {
            if (!waiting.remove(given)) {
                release();
            }
        }
    }
}
