package dev.phasor.phase;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.VectorModule;
import java.util.ArrayList;
import java.util.List;

/** Which kernel runs: chosen once, at start. What cannot run here is a candidate with a reason, never a crash. */
public final class PhaseKernels {

    private static final String SETTING = "phasor.phase.kernel";

    private PhaseKernels() {}

    /** The plain Java kernel, which runs everywhere. */
    public static PhaseKernel java() {
        return new JavaPhaseKernel();
    }

    /** The fastest of this machine's processor: in SIMD lanes where their module is present. */
    public static PhaseKernel host() {
        return VectorModule.isPresent() ? new VectorPhaseKernel() : new JavaPhaseKernel();
    }

    /**
     * Under {@code auto}: ND4J where its backend is CUDA and the device can run it, else the vector kernel where its
     * module is present, else plain Java. A kernel named outright that cannot run gives way to these.
     *
     * @param name {@code auto}, {@code java}, {@code vector} or {@code nd4j}
     * @param nd4jMemory what heap and ND4J's buffers may take together, such as {@code 8g}; empty for ND4J's own bound
     * @throws InvalidInputException {@code BAD_PARAMETER} for another name or no number of bytes
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

    /** The first of {@code order} that opens; those before it are the reason's second half. */
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

    /** Of what ND4J wraps, the one error that says which library is missing, or why it cannot be opened. */
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

    /** Loads the class of a kernel, and what it needs, only here. */
    private static PhaseKernel open(String name) {
        return switch (name) {
            case "nd4j" -> proven(new Nd4jPhaseKernel(host()));
            case "vector" -> host();
            default -> java();
        };
    }

    /** One angle, so that natives that load but cannot compute show it now, and the first request finds them warm. */
    private static PhaseKernel proven(PhaseKernel kernel) {
        float[] angle = new float[1];
        kernel.angle(new float[] {-1}, new float[] {0}, angle);
        if (angle[0] != (float) Math.PI) {
            throw new IllegalStateException("the angle of -1 must be pi, got " + angle[0]);
        }
        return kernel;
    }
}
