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
    private final Queue<Job<?>> waiting = new ArrayDeque<>();
    private int running;
    private long rejected;

    /**
     * @param setting the one that {@code places} is from, for the message
     * @param pool where they run, and where their own parallel parts do
     */
    Lane(String name, String setting, ForkJoinPool pool, int slots, int places) {
        this.name = name;
        this.setting = setting;
        this.pool = pool;
        this.slots = slots;
        this.places = places;
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
                waiting.add(job);
                return;
            }
            running++;
        }
        start(job);
    }

    /** Gives its place to another, if it still waits. */
    synchronized void withdraw(Job<?> job) {
        waiting.remove(job);
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
        }
        start(next);
    }
}
