package dev.phasor.job;

import dev.phasor.reconstruction.Workload;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far iterations are, by their {@link Workload}, and how long the rest takes if it goes on as in the later half of
 * what was done: the code of the first iterations is compiled meanwhile. The part that is done never falls.
 * Thread-safe.
 */
final class Estimate {

    /** The least part of the work that says how long the rest takes. */
    private static final double LEAST = 1.0 / 32;

    /** The part of the work between two times that are remembered. */
    private static final double STEP = 1.0 / 256;

    /**
     * When which part was done.
     *
     * @param nanos as {@link System#nanoTime}
     */
    private record Mark(long nanos, double part) {}

    private final LongSupplier clock;
    private double[] done = {};
    private double[] convergence = {};
    private Workload work = Workload.even(0);
    private double from;
    private double to = 1;
    private double part;
    private int iterations;
    private double first;
    private final Deque<Mark> marks = new ArrayDeque<>();

    Estimate() {
        this(System::nanoTime);
    }

    /** @param clock as {@link System#nanoTime} */
    Estimate(LongSupplier clock) {
        this.clock = clock;
    }

    synchronized void part(double newFrom, double newTo) {
        from = newFrom;
        to = newTo;
        part = Math.max(part, from);
        remember(part);
        done = new double[0];
        convergence = new double[0];
        work = Workload.even(0);
        iterations = 0;
    }

    synchronized void begins(int items, Workload newWork) {
        work = newWork;
        done = new double[items];
        convergence = new double[items];
        Arrays.fill(convergence, Double.NaN);
    }

    /** An item has run so many iterations. */
    synchronized void at(int item, double count) {
        if (item >= done.length || toDo() == 0) {
            return;
        }
        done[item] = Math.max(done[item], count);
        double mean = Arrays.stream(done).map(work::part).average().orElse(0);
        part = Math.max(part, Math.min(to, from + (to - from) * mean));
        iterations = Math.max(iterations, (int) Arrays.stream(done).min().orElse(0));
        remember(part);
    }

    /** Remembers when a part was done; of what is long ago only the last before half of all since the first. */
    private void remember(double newPart) {
        Mark last = marks.peekLast();
        if (last == null || newPart - last.part() >= STEP) {
            marks.addLast(new Mark(clock.getAsLong(), newPart));
            first = last == null ? newPart : first;
            while (marks.size() > 2 && second().part() <= first + (newPart - first) / 2) {
                marks.removeFirst();
            }
        }
    }

    private Mark second() {
        Iterator<Mark> each = marks.iterator();
        each.next();
        return each.next();
    }

    synchronized void reached(int item, double spectralConvergenceDb) {
        if (item < convergence.length) {
            convergence[item] = spectralConvergenceDb;
        }
    }

    synchronized int iterations() {
        return iterations;
    }

    synchronized int toDo() {
        return work.iterations();
    }

    synchronized double part() {
        return part;
    }

    /** Of the worst item, dB; null before one is known. */
    synchronized @Nullable Double convergence() {
        double worst = Arrays.stream(convergence).filter(Double::isFinite).max().orElse(Double.NaN);
        return Double.isNaN(worst) ? null : Math.rint(100 * worst) / 100;
    }

    synchronized @Nullable Double secondsLeft() {
        Mark since = marks.peekFirst();
        if (since == null || part - first < LEAST || part <= since.part()) {
            return null;
        }
        double seconds = (clock.getAsLong() - since.nanos()) / 1e9;
        return Math.rint(10 * seconds * (1 - part) / (part - since.part())) / 10;
    }
}
