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
        boolean vector = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return switch (name) {
            case "auto" ->
                vector
                        ? new KernelChoice(new VectorPhaseKernel(), "the fastest on a CPU", List.of("vector", "java"))
                        : new KernelChoice(java(), "there is no jdk.incubator.vector", List.of("java"));
            case "java" -> new KernelChoice(java(), "named in phasor.phase.kernel", List.of("java"));
            default -> throw InvalidInputException.badParameter("phasor.phase.kernel", "auto or java", name);
        };
    }
}
