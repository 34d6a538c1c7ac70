package dev.phasor.reconstruction;

import dev.phasor.signal.Cancellation;

/**
 * Runs a recurrence backwards with the memory of a few states, however many steps there are: from a kept state the
 * steps are computed again. The kept states are placed so that s of them and r repetitions serve (s + r)! / (s! r!)
 * steps (Griewank, Walther, "Algorithm 799: Revolve", 2000): with {@value #SLOTS} slots 100 steps take 3 repetitions.
 */
final class Checkpoints {

    /** States kept beside the one at work. */
    static final int SLOTS = 8;

    /** Changes a state into the next one. */
    interface Recurrence {
        void advance(float[][] state);
    }

    /**
     * Receives each state from the last but one to the first: {@code state} is that before the {@code step}-th step.
     */
    interface Visitor {
        void visit(int step, float[][] state);
    }

    private final Recurrence recurrence;
    private final Visitor visitor;

    Checkpoints(Recurrence recurrence, Visitor visitor) {
        this.recurrence = recurrence;
        this.visitor = visitor;
    }

    /** The times that a step is computed again, at most. */
    static int repetitions(int steps) {
        int repetitions = 0;
        while (reach(SLOTS, repetitions) < steps) {
            repetitions++;
        }
        return repetitions;
    }

    /**
     * Visits the states before each of {@code steps} steps, the last first.
     *
     * @param first the state before the first step. Not modified, unless by the visitor.
     */
    void backwards(int steps, float[][] first) {
        if (steps > 0) {
            backwards(0, steps, first, SLOTS);
        }
    }

    private void backwards(int from, int to, float[][] state, int slots) {
        int end = to;
        while (end - from > 1) {
            Cancellation.current().check();
            int middle = slots == 0 ? end - 1 : from + split(end - from, slots);
            float[][] later = copy(state);
            for (int step = from; step < middle; step++) {
                recurrence.advance(later);
            }
            backwards(middle, end, later, Math.max(0, slots - 1));
            end = middle;
        }
        visitor.visit(from, state);
    }

    /** The steps before the next kept state. */
    private static int split(int steps, int slots) {
        int repetitions = 1;
        while (reach(slots, repetitions) < steps) {
            repetitions++;
        }
        return (int) Math.min(steps - 1, Math.max(1, reach(slots, repetitions - 1)));
    }

    /** (slots + repetitions)! / (slots! repetitions!). */
    private static long reach(int slots, int repetitions) {
        double reach = 1;
        for (int i = 1; i <= repetitions; i++) {
            reach = reach * (slots + i) / i;
        }
        return Math.round(Math.min(reach, Integer.MAX_VALUE));
    }

    private static float[][] copy(float[][] state) {
        float[][] copy = new float[state.length][];
        for (int i = 0; i < state.length; i++) {
            copy[i] = state[i].clone();
        }
        return copy;
    }
}
