package dev.phasor.compute;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A queue for one kind of request. Up to {@code slots} requests run, up to {@code places} wait, and the next is
 * refused. Clients take turns, and the requests of one client run in the order of arrival: a newcomer waits for one
 * request of each other client at most (start-time fair queueing, Goyal, Vin, Cheng 1996, a request being one unit). If
 * several requests may run at once, those of one client leave one place to the others. Who waits for {@link #LONG_WAIT}
 * while nothing of his runs, or while all that run have done so for as long, is begun beside the others, on threads of
 * its own, and the system shares the cores; so is a request that has its place and is begun by no thread. The file is
 * long because turns, shares and what is counted of them change under one lock.
 */
public final class Lane {

    /** What the last request counts in the mean of their times. */
    private static final double MEMORY = 1.0 / 8;

    /** A client that waits for longer would rather ask again. */
    private static final long LONGEST_RETRY_SECONDS = 300;

    /** More than a large request of a minute of sound takes, so that only those that last much longer are joined. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(2);

    /** A free thread has begun a request by then. */
    private static final Duration SHORT_WAIT = Duration.ofMillis(50);

    private final String name;
    private final String setting;
    private final ForkJoinPool pool;
    private final int slots;
    private final int places;
    private final int placesOfOne;
    private final SparePools spares;
    private final Queue<Place> waiting = new ArrayDeque<>();
    /** The places that each client holds. */
    private final Shares clients = new Shares();

    private final Map<String, Integer> runningByClient = new HashMap<>();
    /** The turn of the last request of each client that waits or runs. */
    private final Map<String, Long> turns = new HashMap<>();
    /** The turn that was served last. */
    private long turn;

    /** When those in {@link #pool} began, in nanoseconds. */
    private final Map<Computation<?>, Long> running = new IdentityHashMap<>();

    private long rejected;
    /** A running mean of how long a request runs; the last ones count most. */
    private double meanSeconds;

    /** A waiting request. The lowest turn is served first, and of equal ones the first that came. */
    private record Place(Computation<?> job, long turn, long since) {}

    /**
     * @param setting name of the setting behind {@code places}, for the message
     * @param threads makes a pool that runs requests and their parallel parts
     * @param slots requests that one pool runs at once
     * @param placesOfOne places that one client may take
     * @param spares requests that may be begun beside the others, each in a pool of its own
     */
    Lane(
            String name,
            String setting,
            Supplier<ForkJoinPool> threads,
            int slots,
            int places,
            int placesOfOne,
            int spares) {
        this.name = name;
        this.setting = setting;
        pool = threads.get();
        this.slots = slots;
        this.places = places;
        this.placesOfOne = placesOfOne;
        this.spares = new SparePools(threads, spares);
    }

    /**
     * A lane with threads of its own, for work that mostly waits, such as for another program.
     *
     * @param slots requests that run at once; as many may be begun beside them
     * @param client limits of one client
     */
    public static Lane withThreads(String name, String setting, int slots, int places, ClientLimits client) {
        return new Lane(
                name,
                setting,
                () -> ComputePool.pool(name, slots, Thread.NORM_PRIORITY),
                slots,
                places,
                client.places(places),
                slots);
    }

    public String name() {
        return name;
    }

    public synchronized int running() {
        return running.size() + spares.taken();
    }

    public synchronized int queued() {
        return waiting.size();
    }

    /** Requests refused since the start. */
    public synchronized long rejected() {
        return rejected;
    }

    /**
     * Computes in this lane, and waits for the result.
     *
     * @param client owner of the work, for the limits of one client
     * @throws BusyException if too many requests wait, or the timeout is over
     * @throws ClientGoneException if the client is gone; the work has ended
     */
    public <T> T run(String client, Patience patience, Supplier<T> computation) {
        Computation<T> job = new Computation<>(client, computation);
        submit(job);
        try {
            startBesideOthers(job);
            return patience.await(job, () -> startBesideOthers(job));
        } finally {
            withdraw(job);
        }
    }

    /** A place that a thread holds for work of its own. */
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes a place of this lane for work that the caller does itself until it closes the place, and waits for it.
     *
     * @throws BusyException as {@link #run}
     * @throws ClientGoneException as {@link #run}
     */
    public Held hold(String client, Patience patience) {
        CountDownLatch done = new CountDownLatch(1);
        Computation<Boolean> begun = new Computation<>(client, () -> true);
        Computation<Boolean> place = new Computation<>(client, () -> {
            begun.run();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the lane is stopped
            }
            return true;
        });
        submit(place);
        boolean held = false;
        try {
            startBesideOthers(place);
            held = patience.await(begun, () -> startBesideOthers(place));
            return () -> {
                done.countDown();
                place.abandon();
            };
        } finally {
            if (!held) {
                withdraw(place);
                done.countDown();
            }
        }
    }

    /** Ends the lane's threads. */
    public synchronized void stop() {
        pool.shutdownNow();
        spares.stop();
    }

    /** @throws BusyException if all places, or all places of this client, are taken */
    void submit(Computation<?> job) {
        synchronized (this) {
            if (!mayRun(job)) {
                if (waiting.size() == places) {
                    rejected++;
                    throw BusyException.queue(
                            "at most " + places + " " + name + " requests may wait (" + setting + "), and as many do",
                            secondsToWait());
                }
                if (!clients.take(job.client(), 1, placesOfOne, places)) {
                    rejected++;
                    throw BusyException.queue(
                            "at most " + placesOfOne + " " + name + " requests of one client may wait,"
                                    + " fewer beside others' (phasor.client.queue-share), and as many do",
                            secondsToWait());
                }
                waiting.add(new Place(job, takeTurn(job.client()), System.nanoTime()));
                return;
            }
            takeTurn(job.client());
            enter(job);
        }
        start(job, pool);
    }

    /**
     * Starts a request that waits for what lasts, while nothing else of its client runs: in the queue, or behind the
     * items of others for a thread.
     */
    private void startBesideOthers(Computation<?> job) {
        ForkJoinPool spare;
        @Nullable Computation<?> next = null;
        synchronized (this) {
            int ofClient = runningByClient.getOrDefault(job.client(), 0);
            boolean stuck = ofClient == 1 && isStuck(job);
            boolean queued = ofClient == 0 && isToBeBegun(job);
            @Nullable ForkJoinPool free = stuck || queued ? spares.take() : null;
            if (free == null) {
                return;
            }
            spare = free;
            if (stuck) {
                running.remove(job);
                next = enterNext();
            } else {
                waiting.removeIf(place -> place.job() == job);
                runningByClient.merge(job.client(), 1, Integer::sum);
                giveUp(job.client());
            }
        }
        start(job, spare);
        if (next != null) {
            start(next, pool);
        }
    }

    /** Whether it has a place, and no thread begins it: those of the pool have items of requests that last. */
    private boolean isStuck(Computation<?> job) {
        @Nullable Long since = running.get(job);
        if (since == null || job.isBegun()) {
            return false;
        }
        long now = System.nanoTime();
        boolean othersLast = running.entrySet().stream()
                .allMatch(other -> other.getKey() == job || now - other.getValue() >= LONG_WAIT.toNanos());
        return now - since >= (othersLast ? SHORT_WAIT : LONG_WAIT).toNanos();
    }

    private boolean isToBeBegun(Computation<?> job) {
        long longAgo = System.nanoTime() - LONG_WAIT.toNanos();
        boolean allLast = running.values().stream().allMatch(begun -> begun - longAgo < 0);
        return waiting.stream().anyMatch(place -> place.job() == job && (allLast || place.since() - longAgo < 0));
    }

    /** Until all that wait now have begun. */
    private long secondsToWait() {
        double seconds = meanSeconds * waiting.size() / slots;
        return Math.max(1, Math.min(LONGEST_RETRY_SECONDS, (long) Math.ceil(seconds)));
    }

    private long takeTurn(String client) {
        long its = Math.max(turn, turns.getOrDefault(client, turn)) + 1;
        turns.put(client, its);
        return its;
    }

    private boolean mayRun(Computation<?> job) {
        return running.size() < slots && runningByClient.getOrDefault(job.client(), 0) < Math.max(1, slots - 1);
    }

    private void enter(Computation<?> job) {
        running.put(job, System.nanoTime());
        runningByClient.merge(job.client(), 1, Integer::sum);
    }

    private void leave(Computation<?> job, ForkJoinPool ran) {
        if (ran == pool) {
            running.remove(job);
        } else {
            spares.give(ran);
        }
        runningByClient.computeIfPresent(job.client(), (name, now) -> now == 1 ? null : now - 1);
    }

    private void forget(String client) {
        boolean waits = waiting.stream().anyMatch(place -> place.job().client().equals(client));
        if (!waits && !runningByClient.containsKey(client)) {
            turns.remove(client);
        }
    }

    /** Removes the job from the queue if it still waits. */
    synchronized void withdraw(Computation<?> job) {
        if (waiting.removeIf(place -> place.job() == job)) {
            giveUp(job.client());
        }
    }

    private void giveUp(String client) {
        clients.give(client, 1);
        forget(client);
    }

    private void start(Computation<?> job, ForkJoinPool on) {
        on.execute(() -> {
            long began = System.nanoTime();
            job.run(() -> startNext(job, on, (System.nanoTime() - began) / 1e9));
        });
    }

    private void startNext(Computation<?> ended, ForkJoinPool ran, double seconds) {
        @Nullable Computation<?> next;
        synchronized (this) {
            if (ran == pool && !running.containsKey(ended)) {
                return; // it was begun beside the others meanwhile
            }
            meanSeconds += MEMORY * (seconds - meanSeconds);
            leave(ended, ran);
            forget(ended.client());
            next = enterNext();
        }
        if (next != null) {
            start(next, pool);
        }
    }

    /** The request whose turn it is has a free place from now on; null if none waits that may run. */
    private @Nullable Computation<?> enterNext() {
        @Nullable Place place = nextInTurn();
        if (place == null) {
            return null;
        }
        turn = Math.max(turn, place.turn());
        waiting.remove(place);
        enter(place.job());
        giveUp(place.job().client());
        return place.job();
    }

    /** The waiting request whose turn it is, of those that may run; null without any. */
    private @Nullable Place nextInTurn() {
        return waiting.stream()
                .filter(place -> mayRun(place.job()))
                .min(Comparator.comparingLong(Place::turn))
                .orElse(null);
    }
}
