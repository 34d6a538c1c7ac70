package dev.phasor.compute;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A queue for one kind of request. Up to {@code slots} requests run, up to {@code places} wait, and the next is
 * refused. Clients take turns, and the requests of one client run in the order of arrival. If several requests may run
 * at once, those of one client leave one place to the others.
 */
public final class Lane {

    private final String name;
    private final String setting;
    private final ForkJoinPool pool;
    private final int slots;
    private final int places;
    private final int placesOfOne;
    private final Queue<Computation<?>> waiting = new ArrayDeque<>();
    /** The places that each client holds. */
    private final Shares clients = new Shares();

    private final Map<String, Integer> runningByClient = new HashMap<>();
    private String lastClient = "";
    private int running;
    private long rejected;

    /**
     * @param setting name of the setting behind {@code places}, for the message
     * @param pool runs the requests and their parallel parts
     * @param placesOfOne places that one client may take
     */
    Lane(String name, String setting, ForkJoinPool pool, int slots, int places, int placesOfOne) {
        this.name = name;
        this.setting = setting;
        this.pool = pool;
        this.slots = slots;
        this.places = places;
        this.placesOfOne = placesOfOne;
    }

    /**
     * A lane with threads of its own, for work that mostly waits, such as for another program.
     *
     * @param slots requests that run at once
     * @param client limits of one client
     */
    public static Lane withThreads(String name, String setting, int slots, int places, ClientLimits client) {
        ForkJoinPool threads = ComputePool.pool(name, slots, Thread.NORM_PRIORITY);
        return new Lane(name, setting, threads, slots, places, client.places(places));
    }

    public String name() {
        return name;
    }

    public synchronized int running() {
        return running;
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
            return patience.await(job);
        } finally {
            withdraw(job);
        }
    }

    /** Ends the lane's threads. Only for a lane {@link #withThreads}. */
    public void stop() {
        pool.shutdownNow();
    }

    /** @throws BusyException if all places, or all places of this client, are taken */
    void submit(Computation<?> job) {
        synchronized (this) {
            if (!mayRun(job)) {
                if (waiting.size() == places) {
                    rejected++;
                    throw new BusyException(
                            "at most " + places + " " + name + " requests may wait (" + setting + "), and as many do");
                }
                if (!clients.take(job.client(), 1, placesOfOne, places)) {
                    rejected++;
                    throw new BusyException("at most " + placesOfOne + " " + name + " requests of one client may wait,"
                            + " fewer beside others' (phasor.client.queue-share), and as many do");
                }
                waiting.add(job);
                return;
            }
            enter(job);
        }
        start(job);
    }

    private boolean mayRun(Computation<?> job) {
        return running < slots && runningByClient.getOrDefault(job.client(), 0) < Math.max(1, slots - 1);
    }

    private void enter(Computation<?> job) {
        running++;
        runningByClient.merge(job.client(), 1, Integer::sum);
        lastClient = job.client();
    }

    private void leave(Computation<?> job) {
        running--;
        runningByClient.computeIfPresent(job.client(), (name, now) -> now == 1 ? null : now - 1);
    }

    /** Removes the job from the queue if it still waits. */
    synchronized void withdraw(Computation<?> job) {
        if (waiting.remove(job)) {
            clients.give(job.client(), 1);
        }
    }

    private void start(Computation<?> job) {
        pool.execute(() -> {
            job.run();
            startNext(job);
        });
    }

    private void startNext(Computation<?> ended) {
        @Nullable Computation<?> next;
        synchronized (this) {
            leave(ended);
            next = nextInTurn();
            if (next == null) {
                return;
            }
            waiting.remove(next);
            clients.give(next.client(), 1);
            enter(next);
        }
        start(next);
    }

    /** The first waiting job that may run, of a client other than the last one if there is one; null without any. */
    private @Nullable Computation<?> nextInTurn() {
        List<Computation<?>> ready = waiting.stream().filter(this::mayRun).toList();
        return ready.stream()
                .filter(job -> !job.client().equals(lastClient))
                .findFirst()
                .orElse(ready.isEmpty() ? null : ready.get(0));
    }
}
