package dev.phasor.phase;

/**
 * A kernel that may or may not run on this machine.
 *
 * @param name {@code java}, {@code vector} or {@code nd4j}
 * @param available whether it can run
 * @param detail a description, or the reason why it cannot run
 */
public record Candidate(String name, boolean available, String detail) {}
