package dev.phasor.web.guard;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ForkJoinPool;

/** Requests of one kind: so many are computed at once, so many wait in the order in which they came, the next is refused. */
public final class Lane {

    private final String name;
    private final String setting;
    private final ForkJoinPool pool;
    private final int slots;
    private final int places;
    private final int placesOfOne;
    private final Queue<Job<?>> waiting = new ArrayDeque<>();
    /** Of the places. */
    private final Shares clients = new Shares();

    private int running;
    private long rejected;

    /**
     * @param setting the one that {@code places} is from, for the message
     * @param pool where they run, and where their own parallel parts do
     * @param placesOfOne that one client may take
     */
    Lane(String name, String setting, ForkJoinPool pool, int slots, int places, int placesOfOne) {
        this.name = name;
        this.setting = setting;
        this.pool = pool;
        this.slots = slots;
        this.places = places;
        this.placesOfOne = placesOfOne;
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

    /** Refused since the start. */
    public synchronized long rejected() {
        return rejected;
    }

    /** @throws BusyException if all places are taken */
    void submit(Job<?> job) {
        synchronized (this) {
            if (running == slots) {
                if (waiting.size() == places) {
                    rejected++;
                    throw new BusyException(
                            "at most " + places + " " + name + " requests may wait (" + setting + "), and as many do");
                }
                if (!clients.take(job.client(), 1, placesOfOne)) {
                    rejected++;
                    throw new BusyException("at most " + placesOfOne + " " + name
                            + " requests of one client may wait (phasor.client.queue-share), and as many do");
                }
                waiting.add(job);
                return;
            }
            running++;
        }
        start(job);
    }

    /** Gives its place to another, if it still waits. */
    synchronized void withdraw(Job<?> job) {
        if (waiting.remove(job)) {
            clients.give(job.client(), 1);
        }
    }

    private void start(Job<?> job) {
        pool.execute(() -> {
            job.run();
            startNext();
        });
    }

    private void startNext() {
        Job<?> next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                running--;
                return;
            }
            clients.give(next.client(), 1);
        }
        start(next);
    }
}
