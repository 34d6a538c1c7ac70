package dev.phasor.job;

import org.jspecify.annotations.Nullable;

/**
 * How far a job has come.
 *
 * @param attempt how often it was begun
 * @param stage what is done now, as {@code computing}
 * @param iterations those that every channel has run
 * @param iterationsToDo the most that they run; 0 where the work does not iterate
 * @param partDone in 0..1
 * @param convergenceDb of the worst channel so far; null before the first iteration
 * @param secondsLeft null while nothing tells
 */
public record Standing(
        State state,
        int attempt,
        String stage,
        int iterations,
        int iterationsToDo,
        double partDone,
        @Nullable Double convergenceDb,
        @Nullable Double secondsLeft) {

    /** The same, as the end of the job. */
    Standing ended(State end) {
        return new Standing(end, attempt, "ended", iterations, iterationsToDo, partDone, convergenceDb, null);
    }
}
