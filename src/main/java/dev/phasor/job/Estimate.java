package dev.phasor.job;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far iterations are, and how long the rest takes if it goes on as since the beginning. What it tells never falls.
 * Thread-safe.
 */
final class Estimate {

    /** The least part of the work that says how long the rest takes. */
    private static final double LEAST = 0.01;

    private double[] done = {};
    private double[] convergence = {};
    private int toDo;
    private double from;
    private double to = 1;
    private double part;
    private int iterations;
    private double resumed;
    private long began = System.nanoTime();
    private boolean known;

    synchronized void part(double newFrom, double newTo) {
        from = newFrom;
        to = newTo;
        part = Math.max(part, from);
        if (!known) {
            known = true;
            resumed = part;
            began = System.nanoTime();
        }
        done = new double[0];
        convergence = new double[0];
        toDo = 0;
        iterations = 0;
    }

    synchronized void begins(int items, int newToDo) {
        toDo = newToDo;
        done = new double[items];
        convergence = new double[items];
        Arrays.fill(convergence, Double.NaN);
        if (!known) {
            began = System.nanoTime();
        }
    }

    /** An item has run so many iterations. */
    synchronized void at(int item, double count) {
        if (item >= done.length || toDo == 0) {
            return;
        }
        if (!known) {
            known = true;
            // What was kept before is not done in this process's time.
            resumed = from + (to - from) * Math.max(0, count - 1) / toDo;
        }
        done[item] = Math.max(done[item], count);
        double mean = Arrays.stream(done).average().orElse(0);
        part = Math.max(part, Math.min(to, from + (to - from) * mean / toDo));
        iterations = Math.max(iterations, (int) Arrays.stream(done).min().orElse(0));
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
        return toDo;
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
        double here = part - resumed;
        if (here < LEAST) {
            return null;
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return Math.rint(10 * seconds * (1 - part) / here) / 10;
    }
}
