package dev.phasor.operation;

import dev.phasor.compute.MemoryBudget;
import dev.phasor.reconstruction.Progress;

/**
 * One request, decoded: what every operation takes, whichever face it came in at.
 *
 * @param memory what the request may hold; operations reserve here before they take memory
 * @param progress hears of every iteration, and may end them
 */
public record Call(Inputs inputs, Parameters parameters, MemoryBudget.Reservation memory, Progress progress) {

    /** One of which nobody hears before its answer. */
    public Call(Inputs inputs, Parameters parameters, MemoryBudget.Reservation memory) {
        this(inputs, parameters, memory, Progress.NONE);
    }

    /** The same call, observed by another. */
    public Call with(Progress other) {
        return new Call(inputs, parameters, memory, other);
    }
}
