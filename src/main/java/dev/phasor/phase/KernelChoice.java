package dev.phasor.phase;

import java.util.List;

/**
 * The kernel that runs, and why.
 *
 * @param kernel the one chosen
 * @param reason one sentence for the log and for {@code /v1/backends}
 * @param candidates every kernel there is, in the order of preference
 */
public record KernelChoice(PhaseKernel kernel, String reason, List<Candidate> candidates) {}
