package dev.phasor.device;

import dev.phasor.reconstruction.AcceleratedProblem;
import org.jspecify.annotations.Nullable;

/**
 * Counts the iterations of a stage, and decides when they end. Items that are observed, whose iterations may end before
 * n_iter, come alone.
 */
final class Rounds {

    private final Stage stage;
    private final int limit;
    private final double tolerance;
    private final @Nullable AcceleratedProblem heard;
    private final int item;
    private final double energy;
    private final boolean measured;
    private int iterations;
    private double last = Double.POSITIVE_INFINITY;
    private boolean settled;
    private boolean cancelled;

    /**
     * @param spent iterations that count as run
     * @param heard hears of each iteration of its {@code item}; null for nobody
     */
    Rounds(Stage stage, int limit, int spent, double tolerance, @Nullable AcceleratedProblem heard, int item) {
        this.stage = stage;
        this.limit = limit;
        this.iterations = spent;
        this.tolerance = tolerance;
        this.heard = heard;
        this.item = item;
        measured = tolerance > 0 || heard != null;
        energy = measured ? stage.energies()[0] : 0;
    }

    int limit() {
        return limit;
    }

    int iterations() {
        return iterations;
    }

    boolean converged() {
        return settled;
    }

    boolean cancelled() {
        return cancelled;
    }

    /** Whether each iteration's error is looked at. */
    boolean measured() {
        return measured;
    }

    boolean goesOn(int until) {
        return iterations < until && !settled && !cancelled;
    }

    /** Begins a stage that the convergence of the one before does not end. */
    void newStage() {
        settled = false;
        last = Double.POSITIVE_INFINITY;
    }

    /** After the pass of an iteration. */
    void iterated() {
        iterations++;
        if (measured) {
            observe(stage.errors()[0]);
        }
        stage.computation().look();
    }

    /** {@link #iterated} of an iteration whose errors are known: those of all items. */
    void iterated(double[] errors) {
        iterations++;
        if (measured) {
            observe(errors[0]);
        }
        stage.computation().look();
    }

    private void observe(double error) {
        double convergence = Math.sqrt(error / energy);
        settled = Math.abs(last - convergence) < tolerance * convergence;
        last = convergence;
        cancelled = heard != null && !heard.iterated(item, iterations, error, energy);
    }
}
