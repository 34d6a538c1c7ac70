package dev.phasor.phase;

/**
 * A kernel that may run here or not.
 *
 * @param name {@code java}, {@code vector} or {@code nd4j}
 * @param available whether it can run
 * @param detail what it is, or why it cannot run
 */
public record Candidate(String name, boolean available, String detail) {}
