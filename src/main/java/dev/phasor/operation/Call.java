package dev.phasor.operation;

import dev.phasor.compute.MemoryBudget;

/**
 * One request, decoded: what every operation takes, whichever face it came in at.
 *
 * @param memory what the request may hold; operations reserve here before they take memory
 */
public record Call(Inputs inputs, Parameters parameters, MemoryBudget.Reservation memory) {}
