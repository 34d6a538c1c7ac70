package dev.phasor.phase;

import java.util.List;

/**
 * The kernel that runs, and the reason for the choice.
 *
 * @param kernel the chosen kernel
 * @param reason one sentence for the log and for {@code /v1/backends}
 * @param candidates all kernels, in the order of preference
 */
public record KernelChoice(PhaseKernel kernel, String reason, List<Candidate> candidates) {}
