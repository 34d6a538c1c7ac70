package dev.phasor.web.guard.load;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Whose turn it is. Each lane is first come, first served; where both wait they take turns; and large work never takes
 * the last thread, so that small work waits for small work only. Thread-safe.
 */
final class Turns {

    private final int threads;
    private final int capacity;
    private final Executor executor;
    private final Map<Lane, Queue<Runnable>> waiting = new EnumMap<>(Lane.class);
    private final Map<Lane, Integer> running = new EnumMap<>(Lane.class);
    private Lane last = Lane.LARGE;

    /**
     * @param threads work done at once
     * @param capacity work of each lane that may wait
     * @param executor has so many threads
     */
    Turns(int threads, int capacity, Executor executor) {
        this.threads = threads;
        this.capacity = capacity;
        this.executor = executor;
        for (Lane lane : Lane.values()) {
            waiting.put(lane, new ArrayDeque<>());
            running.put(lane, 0);
        }
    }

    synchronized boolean hasRoom(Lane lane) {
        return queue(lane).size() < capacity || mayStart(lane);
    }

    synchronized int queued(Lane lane) {
        return queue(lane).size();
    }

    synchronized int running() {
        return count(Lane.SMALL) + count(Lane.LARGE);
    }

    /** Starts the work or lets it wait; false if too much waits already. */
    synchronized boolean add(Runnable work, Lane lane) {
        if (!hasRoom(lane)) {
            return false;
        }
        queue(lane).add(work);
        startNext();
        return true;
    }

    /** Gives a turn up; false if it has come. */
    synchronized boolean remove(Runnable work, Lane lane) {
        return queue(lane).remove(work);
    }

    private void startNext() {
        while (true) {
            Lane other = last == Lane.SMALL ? Lane.LARGE : Lane.SMALL;
            if (!start(other) && !start(last)) {
                return;
            }
        }
    }

    private boolean start(Lane lane) {
        if (queue(lane).isEmpty() || !mayStart(lane)) {
            return false;
        }
        Runnable work = queue(lane).remove();
        running.merge(lane, 1, Integer::sum);
        last = lane;
        executor.execute(() -> {
            try {
                work.run();
            } finally {
                ended(lane);
            }
        });
        return true;
    }

    private boolean mayStart(Lane lane) {
        return running() < threads && (lane == Lane.SMALL || count(Lane.LARGE) < Math.max(1, threads - 1));
    }

    private synchronized void ended(Lane lane) {
        running.merge(lane, -1, Integer::sum);
        startNext();
    }

    private Queue<Runnable> queue(Lane lane) {
        return waiting.getOrDefault(lane, new ArrayDeque<>());
    }

    private int count(Lane lane) {
        return running.getOrDefault(lane, 0);
    }
}
