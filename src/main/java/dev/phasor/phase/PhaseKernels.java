package dev.phasor.phase;

import dev.phasor.signal.InvalidInputException;
import java.util.List;

/** Which kernel runs: chosen once, at start. */
public final class PhaseKernels {

    private PhaseKernels() {}

    /** The plain Java kernel, which runs everywhere. */
    public static PhaseKernel java() {
        return new JavaPhaseKernel();
    }

    /**
     * @param name {@code auto}, {@code java}, {@code vector} or {@code nd4j}
     * @throws InvalidInputException {@code BAD_PARAMETER} for another name
     */
    public static KernelChoice choose(String name) {
        return switch (name) {
            case "auto" -> new KernelChoice(java(), "the only kernel there is", List.of("java"));
            case "java" -> new KernelChoice(java(), "named in phasor.phase.kernel", List.of("java"));
            default -> throw InvalidInputException.badParameter("phasor.phase.kernel", "auto or java", name);
        };
    }
}
