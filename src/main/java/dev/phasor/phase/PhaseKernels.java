package dev.phasor.phase;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.VectorModule;
import java.util.ArrayList;
import java.util.List;

/** Chooses the kernel, once, at start. A kernel that cannot run is a candidate with a reason, never a crash. */
public final class PhaseKernels {

    private static final String SETTING = "phasor.phase.kernel";

    private PhaseKernels() {}

    /** The plain Java kernel, which runs everywhere. */
    public static PhaseKernel java() {
        return new JavaPhaseKernel();
    }

    /** The fastest CPU kernel: SIMD lanes if the vector module is present, else plain Java. */
    public static PhaseKernel host() {
        return VectorModule.isPresent() ? new VectorPhaseKernel() : new JavaPhaseKernel();
    }

    /**
     * Chooses a kernel. {@code auto} means ND4J if its backend is CUDA and the device can run it, else the vector
     * kernel if its module is present, else plain Java. If a kernel chosen by name cannot run, the vector kernel or
     * plain Java replaces it.
     *
     * @param name {@code auto}, {@code java}, {@code vector} or {@code nd4j}
     * @param nd4jMemory limit for the heap and ND4J's buffers together, such as {@code 8g}; empty for the default of
     *     {@link Nd4jBackend#limitMemory}
     * @throws InvalidInputException {@code BAD_PARAMETER} for another name or if {@code nd4jMemory} is no number of
     *     bytes
     */
    public static KernelChoice choose(String name, String nd4jMemory) {
        Nd4jBackend.limitMemory(nd4jMemory);
        Nd4jBackend backend = Nd4jBackend.present();
        List<Candidate> candidates = new ArrayList<>(List.of(backend.candidate(), vectorCandidate(), javaCandidate()));
        List<String> order = switch (name) {
            case "auto" -> backend == Nd4jBackend.CUDA ? List.of("nd4j", "vector", "java") : List.of("vector", "java");
            case "java", "vector", "nd4j" -> List.of(name, "vector", "java");
            default -> throw InvalidInputException.badParameter(SETTING, "auto, java, vector or nd4j", name);
        };
        return first(order, candidates, name.equals("auto") ? "" : SETTING + "=" + name + ": ");
    }

    private static Candidate javaCandidate() {
        return new Candidate("java", true, "plain Java");
    }

    private static Candidate vectorCandidate() {
        return VectorModule.isPresent()
                ? new Candidate("vector", true, "SIMD on the CPU")
                : new Candidate("vector", false, "run java with --add-modules jdk.incubator.vector");
    }

    /**
     * The first kernel of {@code order} that opens. The reason also names the kernels before it and why they cannot
     * run.
     */
    private static KernelChoice first(List<String> order, List<Candidate> candidates, String prefix) {
        StringBuilder passedOver = new StringBuilder();
        for (String name : order) {
            Candidate candidate = find(name, candidates);
            if (candidate.available()) {
                try {
                    PhaseKernel kernel = open(name);
                    return new KernelChoice(kernel, prefix + candidate.detail() + passedOver, List.copyOf(candidates));
                } catch (LinkageError | RuntimeException e) {
                    Candidate failed = failed(name, e);
                    candidates.replaceAll(each -> each.name().equals(name) ? failed : each);
                    candidate = failed;
                }
            }
            passedOver.append("; not ").append(name).append(": ").append(candidate.detail());
        }
        throw new IllegalStateException("plain Java always runs");
    }

    /** Reports the root cause of an error. ND4J wraps the error that names the missing or unusable library. */
    static Candidate failed(String name, Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new Candidate(name, false, "failed to load: " + root);
    }

    private static Candidate find(String name, List<Candidate> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Loads the classes of a kernel. They are loaded only here. */
    private static PhaseKernel open(String name) {
        return switch (name) {
            case "nd4j" -> proven(new Nd4jPhaseKernel(host()));
            case "vector" -> host();
            default -> java();
        };
    }

    /**
     * Computes one angle, so that native code that cannot compute fails at start, and the first request finds it
     * loaded.
     */
    private static PhaseKernel proven(PhaseKernel kernel) {
        float[] angle = new float[1];
        kernel.angle(new float[] {-1}, new float[] {0}, angle);
        if (angle[0] != (float) Math.PI) {
            throw new IllegalStateException("the angle of -1 must be pi, got " + angle[0]);
        }
        return kernel;
    }
}
