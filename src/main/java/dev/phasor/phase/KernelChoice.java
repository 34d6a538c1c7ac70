package dev.phasor.phase;

import java.util.List;

/**
 * The kernel that runs, and why.
 *
 * @param kernel the one chosen
 * @param reason one sentence for the log and for {@code /v1/backends}
 * @param available the names of all kernels that can run here, the best first
 */
public record KernelChoice(PhaseKernel kernel, String reason, List<String> available) {}
